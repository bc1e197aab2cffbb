namespace Holdfast.Integration.Tests.Crash;

/// <summary>Two codes that an issuer has acknowledged: one redeemed, one not yet.</summary>
internal sealed class CodesInHand
{
    private readonly NodeCaller _caller;
    private readonly AskedCode _redeemed, _waiting;
    private readonly string _refreshToken;

    private CodesInHand(NodeCaller caller, AskedCode redeemed, AskedCode waiting, string refreshToken) =>
        (_caller, _redeemed, _waiting, _refreshToken) = (caller, redeemed, waiting, refreshToken);

    public static async Task<CodesInHand> AskAsync(Estate estate)
    {
        var caller = new NodeCaller(estate);
        AskedCode redeemed = (await caller.AuthorizeAsync(estate.Nodes[0])).ShouldNotBeNull(estate.Output), waiting = (await caller.AuthorizeAsync(estate.Nodes[^1])).ShouldNotBeNull(estate.Output);
        NodeAnswer answer = await caller.RedeemAsync(estate.Nodes[^1], redeemed);
        answer.Status.ShouldBe(200, answer.Body.ToString());
        return new(caller, redeemed, waiting, answer.RefreshToken.ShouldNotBeNull());
    }

    // AT-94, AT-96
    /// <summary>The one that waits works once; the other one works no more, and takes along what came from it.</summary>
    public async Task CountOnceAsync(IssuerNodeProcess node)
    {
        NodeAnswer waited = await _caller.RedeemAsync(node, _waiting), twice = await _caller.RedeemAsync(node, _waiting), replayed = await _caller.RedeemAsync(node, _redeemed);
        waited.Status.ShouldBe(200, waited.Body.ToString());
        twice.Is(VerificationFailure.CodeReplayed).ShouldBeTrue(twice.Body.ToString());
        replayed.Is(VerificationFailure.CodeReplayed).ShouldBeTrue(replayed.Body.ToString());
        foreach (string ended in (string[])[waited.RefreshToken!, _refreshToken])
            (await _caller.RefreshAsync(node, ended)).Error.ShouldBe("invalid_grant");
    }
}
