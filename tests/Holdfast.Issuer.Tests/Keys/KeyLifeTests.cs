using System.Text.Json;
using Holdfast.Registry;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests.Keys;

public class KeyLifeTests
{
    private static readonly TimeSpan Rotation = TimeSpan.FromDays(30);
    private static readonly TimeSpan Staging = TimeSpan.FromDays(1);
    private static readonly TimeSpan Publication = TimeSpan.FromHours(1);
    // The longest life that settings allow, and what clocks may differ by.
    private static readonly TimeSpan Retiring = TimeSpan.FromMinutes(65);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // LIFE-01, LIFE-02, LIFE-06, LIFE-07, AT-14, AT-17, FAPI-29
    [Fact]
    public async Task Publishes_the_first_key_as_verifiers_want_it_and_signs_with_it_at_once()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string kid = await issuer.SignerAsync();
        using HttpResponseMessage response = await issuer.Client.GetAsync("/jwks");
        response.Headers.CacheControl!.ToString().ShouldBe("public, max-age=300");
        using JsonDocument jwks = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        JsonElement jwk = jwks.RootElement.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        jwk.EnumerateObject().Select(member => member.Name).Order().ShouldBe(["alg", "crv", "kid", "kty", "use", "x", "y"]);
        jwk.GetProperty("kid").GetString().ShouldBe(kid);
        jwk.GetProperty("use").GetString().ShouldBe("sig");
        jwk.GetProperty("alg").GetString().ShouldBe("ES256");
        kid.ShouldBe(PublishedKey.ThumbprintOf(jwk));
    }

    // LIFE-04, LIFE-05, LIFE-16
    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public async Task Publishes_the_next_key_a_day_before_the_rotation(int seconds, int published)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        issuer.Clock.Advance(Rotation - Staging + (seconds * Second));
        await issuer.KeysAsync();
        (await issuer.PublishedAsync()).Count.ShouldBe(published);
        (await issuer.SignerAsync()).ShouldBe(first);
        if (published == 2)
            (await issuer.KeyAsync(IssuerKeyState.Staged)).ActiveFrom.ShouldBe((await issuer.KeyAsync(IssuerKeyState.Active)).ActiveFrom + Rotation);
    }

    // LIFE-04: a schedule that was missed publishes before it signs all the same.
    [Fact]
    public async Task Publishes_a_late_key_for_its_time_before_it_signs()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.Clock.Advance(2 * Rotation);
        await issuer.KeysAsync();
        (await issuer.KeyAsync(IssuerKeyState.Staged)).ActiveFrom.ShouldBe(issuer.Clock.UtcNow + Publication);
    }

    // LIFE-03, LIFE-04
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public async Task Signs_with_the_next_key_when_verifiers_have_read_it(int seconds, bool isNext)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        string next = (await issuer.RotateAsync()).Kid;
        (await issuer.PublishedAsync()).ShouldBe([first, next]);
        issuer.Clock.Advance(Publication + (seconds * Second));
        await issuer.KeysAsync();
        (await issuer.SignerAsync()).ShouldBe(isNext ? next : first);
        (await issuer.PublishedAsync()).Order().ShouldBe(new[] { first, next }.Order());
        (await issuer.KeysAsync()).Single(key => key.Kid == first).State.ShouldBe(isNext ? IssuerKeyState.Retiring : IssuerKeyState.Active);
    }

    // LIFE-03, LIFE-05: by the time alone, whether or not anybody notes it.
    [Theory]
    [InlineData(-1, 2)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public async Task Publishes_the_old_key_until_what_it_signed_has_expired(int seconds, int published)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        await issuer.RotateAsync();
        issuer.Clock.Advance(Publication);
        await issuer.KeysAsync();
        (await issuer.PublishedAsync()).Count.ShouldBe(2);
        issuer.Clock.Advance(Retiring + (seconds * Second));
        IReadOnlyList<string> kids = await issuer.PublishedAsync();
        kids.Count.ShouldBe(published);
        kids.Contains(first).ShouldBe(published == 2);
    }

    // LIFE-01: destroyed.
    [Fact]
    public async Task Deletes_the_private_key_of_a_key_that_is_gone()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        await issuer.RotateAsync();
        issuer.Clock.Advance(Publication);
        await issuer.KeysAsync();
        (await issuer.EntriesAsync()).ShouldAllBe(entry => entry.Secret != null);
        issuer.Clock.Advance(Retiring);
        (await issuer.KeyAsync(IssuerKeyState.Retired)).Kid.ShouldBe(first);
        (await issuer.EntriesAsync()).Single(entry => entry.Id == first).Secret.ShouldBeNull();
    }

    // LIFE-05: enforced by the system; a request finds what is due, where no timer did.
    [Fact]
    public async Task Does_what_is_due_beside_requests()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        issuer.Clock.Advance(Rotation - Staging);
        await issuer.SignerAsync();
        await Eventually.IsSoAsync(async () => (await issuer.PublishedAsync()).Count == 2, () => "No next key was published.");
        issuer.Clock.Advance(Staging);
        await issuer.SignerAsync();
        await Eventually.IsSoAsync(async () => await issuer.SignerAsync() != first, () => "The next key never signed.");
    }

    // LIFE-01, LIFE-15: each change with its author and its time.
    [Fact]
    public async Task Records_each_step()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        string next = (await issuer.RotateAsync()).Kid;
        issuer.Clock.Advance(Publication);
        await issuer.KeysAsync();
        issuer.Clock.Advance(Retiring);
        await issuer.KeysAsync();
        IReadOnlyList<AuditRecord> records = await issuer.Services.GetRequiredService<IRegistryStore>().ReadAuditAsync(new() { Kind = RegistryKind.IssuerKey }, CancellationToken.None);
        records.Reverse().Select(record => (record.Action, record.Id, record.Actor.Name)).ShouldBe([
            ("issuer_key.add", first, "issuer"), ("issuer_key.stage", next, "local:operator"), ("issuer_key.activate", next, "issuer"),
            ("issuer_key.retire", first, "issuer"), ("issuer_key.remove", first, "issuer")]);
    }

    [Fact]
    public async Task Refuses_a_rotation_while_a_key_is_waiting()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        IssuerKey waiting = await issuer.RotateAsync();
        IssuerKeyResult again = await issuer.Admin().RotateAsync(KeyHost.Operator, CancellationToken.None);
        again.Answer.ShouldBe(IssuerKeyAnswer.Refused);
        again.Key!.Kid.ShouldBe(waiting.Kid);
        (await issuer.PublishedAsync()).Count.ShouldBe(2);
    }

    // LIFE-03: nothing ends a key that signs without a successor, but an emergency.
    [Fact]
    public async Task Does_not_retire_the_key_that_signs()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        (await issuer.RetireAsync(first, immediately: false)).Answer.ShouldBe(IssuerKeyAnswer.Refused);
        await issuer.RotateAsync();
        (await issuer.RetireAsync(first, immediately: false)).Answer.ShouldBe(IssuerKeyAnswer.Refused);
        (await issuer.SignerAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task Retires_a_key_that_never_signed()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        IssuerKey waiting = await issuer.RotateAsync();
        IssuerKeyResult result = await issuer.RetireAsync(waiting.Kid, immediately: false);
        result.Answer.ShouldBe(IssuerKeyAnswer.Done);
        result.Key!.State.ShouldBe(IssuerKeyState.Retired);
        (await issuer.PublishedAsync()).ShouldNotContain(waiting.Kid);
        (await issuer.RevocationsAsync()).ShouldBeEmpty();
        (await issuer.RetireAsync(waiting.Kid, immediately: false)).Answer.ShouldBe(IssuerKeyAnswer.Refused);
        (await issuer.RetireAsync("nobody", immediately: false)).Answer.ShouldBe(IssuerKeyAnswer.NotFound);
    }

    // AT-16, AT-17, FAPI-26, FAPI-27: by choice, from the next key on; tokens of both keys can be verified meanwhile.
    [Theory]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task Changes_the_algorithm_with_the_next_key(string algorithm)
    {
        await using IssuerHost before = await IssuerHost.StartAsync();
        string first = await before.SignerAsync();
        await before.StopAsync();
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.Algorithm = algorithm, successorOf: before);
        (await issuer.SignerAsync()).ShouldBe(first);
        await issuer.RotateAsync();
        issuer.Clock.Advance(Publication);
        await issuer.KeysAsync();
        string token = (await issuer.AskAsync()).ShouldBeToken();
        CallerKey.Header(token).GetProperty("alg").GetString().ShouldBe(algorithm);
        using JsonDocument jwks = JsonDocument.Parse(await issuer.Client.GetStringAsync("/jwks"));
        JsonElement jwk = jwks.RootElement.GetProperty("keys").EnumerateArray().Single(key => key.GetProperty("kid").GetString() == KeyHost.KidOf(token));
        jwk.GetProperty("alg").GetString().ShouldBe(algorithm);
        PublishedKey.Verifies(jwk, token).ShouldBeTrue();
    }

    // FAPI-26
    [Fact]
    public async Task Gives_no_token_by_RS256_to_a_client_of_fapi2()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(options =>
        {
            options.Keys.Algorithm = "RS256";
            options.Clients[0].Profile = SecurityProfile.Fapi2;
        });
        issuer.ShouldRefuse(await issuer.AskAsync(), VerificationFailure.IssuerStateUnavailable, "temporarily_unavailable", System.Net.HttpStatusCode.ServiceUnavailable);
    }
}
