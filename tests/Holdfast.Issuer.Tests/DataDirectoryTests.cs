using Holdfast.Storage;

namespace Holdfast.Issuer.Tests;

public class DataDirectoryTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Keeps_everything_for_its_owner_alone()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.AskAsync()).ShouldBeToken();
        File.GetUnixFileMode(issuer.Directory).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        string[] files = Directory.GetFiles(issuer.Directory);
        files.Select(Path.GetFileName).ShouldContain("holdfast.db");
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == OwnerOnly);
        files.ShouldAllBe(file => !file.EndsWith(".tmp"));
    }

    [Fact]
    public async Task Keeps_the_signing_key_across_a_restart()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string before = await issuer.Client.GetStringAsync("/jwks");
        await issuer.StopAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(successorOf: issuer);
        (await next.Client.GetStringAsync("/jwks")).ShouldBe(before);
    }

    [Fact]
    public async Task Makes_one_key_when_two_start_at_once()
    {
        await using IssuerHost first = await IssuerHost.StartAsync();
        await first.StopAsync();
        Directory.Delete(first.Directory, recursive: true);
        IssuerHost[] issuers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => IssuerHost.StartAsync(successorOf: first))));
        string[] keys = await Task.WhenAll(issuers.Select(issuer => issuer.Client.GetStringAsync("/jwks")));
        keys.Distinct().Count().ShouldBe(1);
        foreach (IssuerHost issuer in issuers)
            await issuer.DisposeAsync();
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    public async Task Does_not_start_with_a_database_that_others_can_read_or_change(UnixFileMode more)
    {
        await using IssuerHost issuer = await StoppedAsync();
        File.SetUnixFileMode(Path.Combine(issuer.Directory, "holdfast.db"), OwnerOnly | more);
        (await Should.ThrowAsync<StorageStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message.ShouldContain("chmod 600");
    }

    [Theory]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Does_not_start_in_a_directory_that_others_may_write_to(UnixFileMode others)
    {
        await using IssuerHost issuer = await StoppedAsync();
        File.SetUnixFileMode(issuer.Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | others);
        await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer));
    }

    [Fact]
    public async Task Does_not_start_where_a_file_stands_in_the_way()
    {
        await using IssuerHost issuer = await StoppedAsync();
        await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(o => o.DataDirectory = Path.Combine(issuer.Directory, "holdfast.db")));
    }

    [Fact]
    public async Task Does_not_start_with_a_damaged_database()
    {
        await using IssuerHost issuer = await StoppedAsync();
        await File.WriteAllTextAsync(Path.Combine(issuer.Directory, "holdfast.db"), new string('x', 8192));
        (await Should.ThrowAsync<StorageStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message.ShouldContain("holdfast.db");
    }

    private static async Task<IssuerHost> StoppedAsync()
    {
        IssuerHost issuer = await IssuerHost.StartAsync();
        await issuer.StopAsync();
        return issuer;
    }
}
