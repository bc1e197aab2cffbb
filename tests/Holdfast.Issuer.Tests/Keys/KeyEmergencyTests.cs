using Holdfast.Registry;

namespace Holdfast.Issuer.Tests.Keys;

public class KeyEmergencyTests
{
    // LIFE-09
    [Fact]
    public async Task Takes_the_key_out_at_once_and_signs_with_a_new_one()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string stolen = await issuer.SignerAsync();
        IssuerKeyResult result = await issuer.RetireAsync(stolen, immediately: true);
        result.Answer.ShouldBe(IssuerKeyAnswer.Done);
        result.Key!.State.ShouldBe(IssuerKeyState.Revoked);
        result.Problem.ShouldBeNull();
        string next = await issuer.SignerAsync();
        next.ShouldNotBe(stolen);
        (await issuer.PublishedAsync()).ShouldBe([next]);
        (await issuer.RevocationsAsync()).ShouldBe([new(RevocationKind.SigningKey, stolen, null, "revoked")]);
        (await issuer.EntriesAsync()).Single(entry => entry.Id == stolen).Secret.ShouldBeNull();
    }

    // LIFE-09: the one that verifiers know already is the best successor.
    [Fact]
    public async Task Signs_with_the_key_that_is_waiting_where_there_is_one()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string stolen = await issuer.SignerAsync();
        string waiting = (await issuer.RotateAsync()).Kid;
        (await issuer.RetireAsync(stolen, immediately: true)).Answer.ShouldBe(IssuerKeyAnswer.Done);
        (await issuer.SignerAsync()).ShouldBe(waiting);
        (await issuer.KeyAsync(IssuerKeyState.Active)).ActiveFrom.ShouldBe(issuer.Clock.UtcNow);
        (await issuer.PublishedAsync()).ShouldBe([waiting]);
    }

    [Fact]
    public async Task Takes_out_a_key_that_signs_no_more()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string first = await issuer.SignerAsync();
        await issuer.RotateAsync();
        issuer.Clock.Advance(TimeSpan.FromHours(1));
        string second = (await issuer.KeyAsync(IssuerKeyState.Active)).Kid;
        (await issuer.RetireAsync(first, immediately: true)).Answer.ShouldBe(IssuerKeyAnswer.Done);
        (await issuer.PublishedAsync()).ShouldBe([second]);
        (await issuer.SignerAsync()).ShouldBe(second);
        // It was stolen before it was gone: whoever has it can sign still.
        (await issuer.RevocationsAsync()).ShouldHaveSingleItem().Value.ShouldBe(first);
    }

    // Asked again, because the answer was lost.
    [Fact]
    public async Task Says_the_same_when_asked_again()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string stolen = await issuer.SignerAsync();
        await issuer.RetireAsync(stolen, immediately: true);
        string next = await issuer.SignerAsync();
        IssuerKeyResult again = await issuer.RetireAsync(stolen, immediately: true);
        (again.Answer, again.Key!.State).ShouldBe((IssuerKeyAnswer.Done, IssuerKeyState.Revoked));
        (await issuer.SignerAsync()).ShouldBe(next);
        (await issuer.RevocationsAsync()).Count.ShouldBe(1);
    }

    // LIFE-06: what was taken out stays out, over a restart too.
    [Fact]
    public async Task Stays_out_after_a_restart()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string stolen = await issuer.SignerAsync();
        await issuer.RetireAsync(stolen, immediately: true);
        await issuer.StopAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(successorOf: issuer);
        (await next.SignerAsync()).ShouldNotBe(stolen);
        (await next.PublishedAsync()).ShouldNotContain(stolen);
    }
}
