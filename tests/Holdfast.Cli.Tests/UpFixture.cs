using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

/// <summary>One running <c>up</c> for all tests that only talk to it; its data directory is the default one of <see cref="Folder"/>.</summary>
public sealed class UpFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private UpHost? _host;

    internal UpDocument Document => _host!.Document;

    public string Folder => _folder.Path;

    public async Task InitializeAsync() => _host = await UpHost.StartAsync(
        new UpOptions { DataDirectory = _folder.At(UpOptions.DefaultDirectory), IssuerPort = 0, ApiPort = 0 }, CancellationToken.None);

    public async Task DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _folder.Dispose();
    }
}

[CollectionDefinition(Name)]
public sealed class RunningUp : ICollectionFixture<UpFixture>
{
    public const string Name = "running up";
}
