using Holdfast.Issuer;

namespace Holdfast.Storage.Tests;

public sealed class SqliteRestoreTests : RestoreContract
{
    private readonly TemporaryFolder _folder = new();

    // Nobody looks by himself: the tests say when.
    protected override void Configure(HoldfastStorageOptions options) => (options.DataDirectory, options.PulseInterval) = (_folder.Path, TimeSpan.FromDays(1));

    protected override Task SaveAsync()
    {
        using Microsoft.Data.Sqlite.SqliteConnection connection = new SqliteFile(_folder.Path) { BusyTimeout = TimeSpan.FromSeconds(20) }.OpenToWrite();
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"VACUUM INTO '{_folder.At("saved.db")}'";
        command.ExecuteNonQuery();
        File.SetUnixFileMode(_folder.At("saved.db"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Task.CompletedTask;
    }

    protected override async Task SetBackAsync()
    {
        // As somebody does who knows: the file and what belongs to it are put away, the copy is put in place.
        foreach (string file in (string[])["holdfast.db-wal", "holdfast.db-shm"])
            File.Delete(_folder.At(file));
        File.Copy(_folder.At("saved.db"), _folder.At("new.db"), overwrite: true);
        File.Move(_folder.At("new.db"), _folder.At("holdfast.db"), overwrite: true);
        // The process goes on with the file it has opened: that it is another one shows when it looks.
        await Store.Database.RenewAsync(default);
        foreach (TestStore store in Others)
            await store.Database.RenewAsync(default);
    }

    // AT-94: nothing ran meanwhile, and the next start notices.
    [Fact]
    public async Task Notices_at_start_what_happened_while_nothing_ran()
    {
        await SaveAsync();
        await BeatAsync(Store);
        string before = (await Store.PositionAsync()).LogId;
        await Store.DisposeAsync();
        await SetBackAsyncWithoutProcess();
        TestStore next = await StartAsync();
        (await next.PositionAsync()).LogId.ShouldNotBe(before);
        (await next.Issuer.SpendAsync(new(AssertionOf("a"), await next.PositionAsync()), default)).ShouldBe(StoreAnswer.AssertionReplayed);
    }

    // Of what the earlier version spent this database knows nothing.
    [Fact]
    public async Task Takes_assertions_for_spent_where_an_earlier_version_has_left_its_record()
    {
        using var folder = new TemporaryFolder();
        folder.Write("issuer.db", "whatever");
        for (int start = 0; start < 2; start++)
        {
            await using TestStore store = await TestStore.StartAsync(options => options.DataDirectory = folder.Path, Store.Clock);
            (await store.Issuer.SpendAsync(new(AssertionOf("a"), await store.PositionAsync()), default)).ShouldBe(StoreAnswer.AssertionReplayed);
            (await store.Issuer.SpendAsync(new(AssertionOf($"b-{start}") with { IssuedAt = Now.AddSeconds(10) }, await store.PositionAsync()), default)).ShouldBe(StoreAnswer.Done);
            store.Log.CountOf(9).ShouldBe(start == 0 ? 1 : 0);
            store.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void Keeps_its_files_for_their_owner()
    {
        foreach (string file in (string[])["holdfast.db", "holdfast.db-wal", "holdfast.pulse"])
            (File.GetUnixFileMode(_folder.At(file)) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)).ShouldBe(UnixFileMode.None, file);
    }

    private Task SetBackAsyncWithoutProcess()
    {
        File.Move(_folder.At("saved.db"), _folder.At("holdfast.db"), overwrite: true);
        return Task.CompletedTask;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
