namespace Holdfast.Integration.Tests;

/// <summary>One running <c>up</c> for all tests of a class.</summary>
public class UpFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public Up Up { get; private set; } = null!;

    protected virtual string Nonce => "on-demand";

    public async Task InitializeAsync() => Up = await Up.StartAsync(_folder.Path, Nonce);

    public async Task DisposeAsync()
    {
        await Up.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>The same, where every proof must carry a nonce.</summary>
public sealed class UpWithNoncesFixture : UpFixture
{
    protected override string Nonce => "always";
}
