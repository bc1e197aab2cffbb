namespace Holdfast.Conformance;

/// <summary>
/// Decides whether an answer let the caller in. 401, 403 and a challenge are refusals; 2xx is not; any other answer is compared with what a
/// stranger without credentials gets, because "not found" to everybody is no success of a thief, and "not found" to him alone is one.
/// </summary>
internal sealed class Judge(RawHttpClient http)
{
    private readonly Dictionary<(string Origin, string Method, string Target), int> _strangers = [];

    public async Task<string> DecideAsync(RawRequest request, RawResponse response, CancellationToken cancellationToken) => response.Status switch
    {
        >= 200 and < 300 => DrillAnswer.LetIn,
        401 or 403 or 503 => DrillAnswer.Refused,
        0 or >= 500 => DrillAnswer.Broke,
        _ when response.Error is not null => DrillAnswer.Refused,
        _ when await StrangerAsync(request, cancellationToken) == response.Status => DrillAnswer.Refused,
        _ => DrillAnswer.LetIn,
    };

    public async Task<DrillAnswer> AnswerAsync(
        IReadOnlyList<RawRequest> requests, IReadOnlyList<RawResponse> responses, int allowed, CancellationToken cancellationToken)
    {
        List<(RawResponse Response, string Outcome)> decided = [];
        for (var i = 0; i < requests.Count; i++)
            decided.Add((responses[i], await DecideAsync(requests[i], responses[i], cancellationToken)));

        var accepted = decided.Count(one => one.Outcome == DrillAnswer.LetIn);
        var outcome = accepted > allowed ? DrillAnswer.LetIn
            : decided.Exists(one => one.Outcome == DrillAnswer.Broke) ? DrillAnswer.Broke
            : DrillAnswer.Refused;
        var telling = decided.FindLast(one => one.Outcome == outcome).Response;
        return new DrillAnswer
        {
            Status = telling.Status,
            Error = telling.IsSuccess ? null : telling.Error,
            Outcome = outcome,
            Attempts = requests.Count,
            Accepted = accepted,
        };
    }

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
