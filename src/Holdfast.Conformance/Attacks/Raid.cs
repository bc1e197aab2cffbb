using System.Security.Cryptography;

namespace Holdfast.Conformance;

/// <summary>Carries attacks out, one after the other: against Holdfast, then against the twin, then looks whether the operator was told.</summary>
internal sealed class Raid(DrillTarget target, Thief thief, string twinOrigin, RawHttpClient http, DrillOptions options)
{
    private readonly Judge _judge = new(http);
    private readonly SignalFile? _signals = target.Signals is null ? null : new SignalFile(target.Signals, options);

    public async Task<DrillRow> RunAsync(Attack attack, CancellationToken cancellationToken)
    {
        if (attack.NotBefore is { } notBefore && notBefore(thief) - thief.Now is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, options.TimeProvider, cancellationToken);
            await thief.Intercepted.ClientGoesOn(cancellationToken);
        }

        var (requests, responses, trace) = await AttemptAsync(attack, cancellationToken);
        var holdfast = await _judge.AnswerAsync(requests, responses, attack.Allowed, cancellationToken);
        var bearer = await AskTwinAsync(attack, requests, cancellationToken);
        var refusals = holdfast.Accepted < holdfast.Attempts;
        var signal = _signals is null ? null : await _signals.FindAsync(trace, refusals, cancellationToken);
        var evidence = requests[0].ToString();

        return new DrillRow
        {
            Attack = attack.Id,
            Description = attack.Description,
            BearerApi = bearer,
            Holdfast = holdfast,
            Failure = signal?.Failure,
            Severity = signal?.Severity,
            Signalled = _signals is null ? null : signal is not null,
            // Exactly as many as may: an intercepted proof that nobody can use at all would show that the drill measured nothing.
            Passed = holdfast.Outcome == DrillAnswer.Refused && holdfast.Accepted == attack.Allowed,
            Note = attack.Note?.Invoke(thief),
            Evidence = options.ShowTokens ? evidence : Redaction.Shorten(evidence),
        };
    }

    // A challenge for a nonce stops nobody: the thief prepares the attack again with the nonce he was given, once.
    private async Task<(IReadOnlyList<RawRequest> Requests, IReadOnlyList<RawResponse> Responses, string Trace)> AttemptAsync(
        Attack attack, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var trace = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var before = (thief.Nonce, thief.IssuerNonce);
            var requests = attack.Prepare(thief).Select(request => request.With("traceparent", $"00-{trace}-{SpanId()}-01")).ToArray();
            var responses = await SendAsync(attack, requests, cancellationToken);
            for (var i = 0; i < requests.Length; i++)
                thief.Learn(requests[i], responses[i]);
            var learned = (thief.Nonce, thief.IssuerNonce) != before;
            if (attempt == 2 || !learned || !responses.Any(response => response.Error == "use_dpop_nonce"))
                return (requests, responses, trace);
        }
    }

    private async Task<DrillAnswer?> AskTwinAsync(Attack attack, IReadOnlyList<RawRequest> requests, CancellationToken cancellationToken)
    {
        if (attack.Bearer == BearerForm.None)
            return null;
        var asked = requests.Select(request => AtTwin(attack.Bearer, request)).ToArray();
        var answer = await _judge.AnswerAsync(asked, await SendAsync(attack, asked, cancellationToken), attack.Allowed, cancellationToken);
        return attack == TokenAttacks.AsBearer && answer.Outcome != DrillAnswer.LetIn
            ? throw new DrillFailedException($"the plain bearer API for comparison refused the token with {answer.Status}: it cannot be compared with")
            : answer;
    }

    private RawRequest AtTwin(BearerForm form, RawRequest request)
    {
        var there = request with { Origin = twinOrigin, Target = request.Target.Replace(request.Origin, twinOrigin, StringComparison.Ordinal) };
        return form == BearerForm.Same ? there : there.Without("Authorization").With("Authorization", $"Bearer {thief.Loot.Token}");
    }

    private async Task<IReadOnlyList<RawResponse>> SendAsync(Attack attack, IReadOnlyList<RawRequest> requests, CancellationToken cancellationToken)
    {
        if (attack.Together)
            return await http.SendTogetherAsync(requests, cancellationToken);
        List<RawResponse> responses = [];
        foreach (var request in requests)
            responses.Add(await http.SendAsync(request, cancellationToken));
        return responses;
    }

    private static string SpanId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
}
