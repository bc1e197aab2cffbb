using System.Text.Json;
using Holdfast.Registry;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests.Keys;

public class SoftHsmTests
{
    // LIFE-14, LIFE-04, LIFE-09: the whole life, with keys that never leave their module.
    [SoftHsmFact]
    public async Task Signs_with_keys_that_stay_in_a_module()
    {
        ExternalIssuerKeyOptions[] keys = [.. await Task.WhenAll(new[] { "signing-1", "signing-2", "signing-3" }.Select(async label => new ExternalIssuerKeyOptions { Location = await SoftHsm.LocationOfAsync(label) }))];
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.External = keys);
        string first = await VerifiedAsync(issuer);
        (await issuer.EntriesAsync()).ShouldHaveSingleItem().Secret.ShouldBeNull();
        (await issuer.KeyAsync(IssuerKeyState.Active)).Location.ShouldBe(keys[0].Location);

        string second = (await issuer.RotateAsync()).Kid;
        issuer.Clock.Advance(TimeSpan.FromHours(1));
        await issuer.KeysAsync();
        (await VerifiedAsync(issuer)).ShouldBe(second);
        second.ShouldNotBe(first);

        (await issuer.RetireAsync(second, immediately: true)).Answer.ShouldBe(IssuerKeyAnswer.Done);
        string third = await VerifiedAsync(issuer);
        third.ShouldNotBeOneOf(first, second);
        (await issuer.PublishedAsync()).ShouldBe([first, third], ignoreOrder: true);

        // Another process, the same module.
        await issuer.StopAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(options => options.Keys.External = keys, successorOf: issuer);
        (await VerifiedAsync(next)).ShouldBe(third);
    }

    // 32 at once: a session of the module is used by one at a time.
    [SoftHsmFact]
    public async Task Signs_for_many_at_once()
    {
        string location = await SoftHsm.LocationOfAsync("signing-1");
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.External = [new() { Location = location }]);
        string[] kids = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => VerifiedAsync(issuer))));
        kids.Distinct().ShouldHaveSingleItem();
    }

    private static async Task<string> VerifiedAsync(IssuerHost issuer)
    {
        string token = (await issuer.AskAsync()).ShouldBeToken(), kid = KeyHost.KidOf(token);
        using JsonDocument jwks = JsonDocument.Parse(await issuer.Client.GetStringAsync("/jwks"));
        PublishedKey.Verifies(jwks.RootElement.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == kid), token).ShouldBeTrue();
        return kid;
    }
}
