namespace Holdfast.Integration.Tests.Crash;

/// <summary>A person's session in the public client: it knows one refresh token, and goes on from it whatever happens to the issuer.</summary>
internal sealed class RefreshSession(NodeCaller caller, string refreshToken)
{
    /// <summary>The newest refresh token that it was told.</summary>
    public string Current { get; private set; } = refreshToken;

    /// <summary>How many refreshes it was told of.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>What it was refused with although nothing was wrong; null while nothing was.</summary>
    public NodeAnswer? Failure { get; private set; }

    /// <summary>Signs in at this node.</summary>
    public static async Task<RefreshSession> StartAsync(Estate estate, IssuerNodeProcess node)
    {
        var caller = new NodeCaller(estate);
        AskedCode code = (await caller.AuthorizeAsync(node)).ShouldNotBeNull(estate.Output);
        NodeAnswer answer = await caller.RedeemAsync(node, code);
        answer.Status.ShouldBe(200, answer.Body.ToString());
        return new(caller, answer.RefreshToken.ShouldNotBeNull());
    }

    /// <summary>Presents the newest refresh token, or this one, without going on from what it gets.</summary>
    public Task<NodeAnswer> TryAsync(IssuerNodeProcess node, string? token = null) => caller.RefreshAsync(node, token ?? Current);

    /// <summary>Refreshes, and goes on from the new one. A lost answer changes nothing: the same token is presented again.</summary>
    public async Task<NodeAnswer> GoOnAsync(IssuerNodeProcess node)
    {
        NodeAnswer answer = await TryAsync(node);
        if (answer.IsOk)
            (Current, Acknowledged) = (answer.RefreshToken!, Acknowledged + 1);
        else if (!answer.IsLost && !answer.IsUnavailable)
            Failure ??= answer;
        return answer;
    }

    // AT-96, MCP-11
    /// <summary>The newest one has exactly one successor, and is worthless when somebody has gone on from that.</summary>
    public async Task WorksExactlyOnceMoreAsync(IssuerNodeProcess first, IssuerNodeProcess second)
    {
        string last = Current;
        NodeAnswer answer = await TryAsync(first), again = await TryAsync(second);
        answer.Status.ShouldBe(200, answer.Body.ToString());
        // The grace answer is the same one, to the same key.
        again.Status.ShouldBe(200, again.Body.ToString());
        again.RefreshToken.ShouldBe(answer.RefreshToken);
        answer.RefreshToken.ShouldNotBe(last);

        Current = answer.RefreshToken!;
        (await GoOnAsync(second)).Status.ShouldBe(200);
        NodeAnswer reused = await TryAsync(first, last);
        reused.Is(VerificationFailure.RefreshTokenReused).ShouldBeTrue(reused.Body.ToString());
        (await TryAsync(second)).Error.ShouldBe("invalid_grant");
    }
}
