namespace Holdfast.Conformance;

/// <summary>
/// Decides whether an answer let the caller in. 401, 403 and a challenge are refusals; 2xx is not; any other answer is compared with what a
/// stranger without credentials gets, because "not found" to everybody is no success of a thief, and "not found" to him alone is one.
/// </summary>
internal sealed class Judge(RawHttpClient http)
{
    private readonly Dictionary<(string Origin, string Method, string Target), int> _strangers = [];

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
        0 or >= 500 => DrillAnswer.Broke,
        _ when response.Error is not null => DrillAnswer.Refused,
        _ when await StrangerAsync(request, cancellationToken) == response.Status => DrillAnswer.Refused,
        _ => DrillAnswer.LetIn,
    };

    private async Task<int> StrangerAsync(RawRequest request, CancellationToken cancellationToken)
    {
        var key = (request.Origin, request.Method, request.Target);
        if (!_strangers.TryGetValue(key, out var status))
        {
            var bare = request.Without("Authorization").Without("DPoP");
            _strangers[key] = status = (await http.SendAsync(bare, cancellationToken)).Status;
        }

        return status;
    }
}
