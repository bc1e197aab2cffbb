namespace Holdfast.Conformance;

/// <summary>
/// Decides whether an answer let the caller in. 401, 403, a challenge and a TLS alert are refusals; 2xx is not; any other answer is compared
/// with what the very same request gets with a token that nobody issued, because "not found" or "malformed" to everybody is no success of a
/// thief, and to him alone it is one. So is a connection that ends without an answer.
/// </summary>
internal sealed class Judge(RawHttpClient http)
{
    private readonly Dictionary<string, int> _strangers = new(StringComparer.Ordinal);

    /// <summary>The outcome of each request.</summary>
    public async Task<IReadOnlyList<string>> DecideAsync(
        IReadOnlyList<RawRequest> requests, IReadOnlyList<RawResponse> responses, CancellationToken cancellationToken)
    {
        List<string> outcomes = [];
        for (var i = 0; i < requests.Count; i++)
            outcomes.Add(await DecideAsync(requests[i], responses[i], cancellationToken));
        return outcomes;
    }

    /// <summary>The answer to the attack as a whole.</summary>
    public static DrillAnswer Summarise(IReadOnlyList<RawResponse> responses, IReadOnlyList<string> outcomes, int allowed)
    {
        var accepted = outcomes.Count(outcome => outcome == DrillAnswer.LetIn);
        var whole = accepted > allowed ? DrillAnswer.LetIn
            : outcomes.Any(outcome => outcome == DrillAnswer.Broke) ? DrillAnswer.Broke
            : DrillAnswer.Refused;
        var telling = responses.Where((_, i) => outcomes[i] == whole).DefaultIfEmpty(responses[^1]).Last();
        return new DrillAnswer
        {
            Status = telling.Status,
            Error = telling.IsSuccess ? null : telling.Error,
            Outcome = whole,
            Attempts = responses.Count,
            Accepted = accepted,
        };
    }

    private async Task<string> DecideAsync(RawRequest request, RawResponse response, CancellationToken cancellationToken) => response.Status switch
    {
        >= 200 and < 300 => DrillAnswer.LetIn,
        401 or 403 or 503 => DrillAnswer.Refused,
        0 when response.IsAlert || await IsRefusedConnectionAsync(request, cancellationToken) => DrillAnswer.Refused,
        0 or >= 500 => DrillAnswer.Broke,
        _ when response.Error is not null => DrillAnswer.Refused,
        _ when await StrangerAsync(request, cancellationToken) == response.Status => DrillAnswer.Refused,
        _ => DrillAnswer.LetIn,
    };

    // Some servers cut the connection where they dislike its certificate. Then they do it whatever the token, and serve those who bring none.
    private async Task<bool> IsRefusedConnectionAsync(RawRequest request, CancellationToken cancellationToken) =>
        request.Certificate is not null
        && await StrangerAsync(request, cancellationToken) == 0
        && await StrangerAsync(request with { Certificate = null }, cancellationToken) != 0;

    private async Task<int> StrangerAsync(RawRequest request, CancellationToken cancellationToken)
    {
        var bare = request.WithToken(Worthless).Without("traceparent");
        var key = $"{bare.Origin} {bare.Certificate?.Thumbprint} {bare}";
        if (!_strangers.TryGetValue(key, out var status))
            _strangers[key] = status = (await http.SendAsync(bare, cancellationToken)).Status;
        return status;
    }

    // Of the same form and length, and nobody's: the last characters, those of the signature, are turned round.
    private static string Worthless(string token)
    {
        var half = token.Length / 2;
        return token[..half] + string.Concat(token[half..].Reverse());
    }
}
