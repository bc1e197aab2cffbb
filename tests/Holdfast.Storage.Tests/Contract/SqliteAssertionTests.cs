namespace Holdfast.Storage.Tests;

public sealed class SqliteAssertionTests : AssertionContract
{
    private readonly TemporaryFolder _folder = new();

    protected override void Configure(HoldfastStorageOptions options) => options.DataDirectory = _folder.Path;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
