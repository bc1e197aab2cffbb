using System.Text.Json;

namespace Holdfast.Guard.Tests.Context;

/// <summary>Keys are announced a lifetime before they sign and stay published as long after; they survive restarts and are their owner's alone.</summary>
public sealed class ContextKeyTests
{
    [Fact]
    public async Task A_key_is_published_before_it_signs_and_after_it_has_signed()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\ncontext_key_lifetime: 1h");
        string[] first = await KidsAsync(guard);
        string signing = await SigningAsync(guard);
        first.Length.ShouldBe(2);
        first[0].ShouldBe(signing);

        guard.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        (await SigningAsync(guard)).ShouldBe(signing);
        guard.Clock.Advance(TimeSpan.FromSeconds(1));
        (await SigningAsync(guard)).ShouldBe(first[1]);
        string[] second = await KidsAsync(guard);
        second.Length.ShouldBe(3);
        second[0].ShouldBe(first[1]);
        second[2].ShouldBe(first[0]);
        first.ShouldNotContain(second[1]);

        guard.Clock.Advance(TimeSpan.FromHours(1));
        (await SigningAsync(guard)).ShouldBe(second[1]);
        (await KidsAsync(guard)).ShouldNotContain(first[0]);
    }

    [Fact]
    public async Task The_keys_survive_a_restart()
    {
        TestGuard guard = await TestGuard.StartAsync();
        string[] before = await KidsAsync(guard);
        ManualTimeProvider clock = guard.Clock;
        TemporaryFolder folder = await guard.StopAsync();

        await using TestGuard again = await TestGuard.StartAsync(clock: clock, folder: folder);
        (await KidsAsync(again)).ShouldBe(before);
    }

    [Fact]
    public async Task The_key_file_is_its_owners_alone()
    {
        await using TestGuard guard = await TestGuard.StartAsync();
        File.GetUnixFileMode(Path.Combine(guard.Folder, "data")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Path.Combine(guard.Folder, "data", "context-keys.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("{}", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("not json", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("{\"since\":\"2026-01-01T00:00:00Z\",\"current\":\"x\",\"next\":\"y\"}", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(null, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead)]
    public async Task Refuses_to_start_with_keys_that_are_damaged_or_open_to_others(string? content, UnixFileMode mode)
    {
        TestGuard guard = await TestGuard.StartAsync();
        TemporaryFolder folder = await guard.StopAsync();
        string path = folder.At("data/context-keys.json");
        if (content is not null)
            await File.WriteAllTextAsync(path, content);
        File.SetUnixFileMode(path, mode);

        (await Should.ThrowAsync<GuardStartupException>(() => TestGuard.StartAsync(folder: folder))).Message.ShouldContain("context-keys.json");
        folder.Dispose();
    }

    // A key that cannot be kept is not used: after a restart nobody would know it.
    [Fact]
    public async Task Goes_on_with_the_old_key_where_the_new_one_cannot_be_kept()
    {
        await using TestGuard guard = await TestGuard.StartAsync(yaml => yaml + "\ncontext_key_lifetime: 1h");
        string signing = await SigningAsync(guard);
        string data = Path.Combine(guard.Folder, "data"), away = Path.Combine(guard.Folder, "away");
        Directory.Move(data, away);
        guard.Clock.Advance(TimeSpan.FromHours(1));

        (await SigningAsync(guard)).ShouldBe(signing);
        guard.Recorded.Lines.ShouldContain(line => line.Level == Microsoft.Extensions.Logging.LogLevel.Error && line.Text.Contains("could not be exchanged"));

        Directory.Move(away, data);
        guard.Clock.Advance(TimeSpan.FromMinutes(1));
        (await SigningAsync(guard)).ShouldNotBe(signing);
    }

    private static async Task<string> SigningAsync(TestGuard guard) => ReadContext.Parse((await guard.AskAsHonestAsync()).Context).Header.GetProperty("kid").GetString()!;

    private static async Task<string[]> KidsAsync(TestGuard guard) =>
        [.. JsonDocument.Parse((await guard.AskAsync("/.well-known/jwks.json", ["Host: guard"])).Body).RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
}
