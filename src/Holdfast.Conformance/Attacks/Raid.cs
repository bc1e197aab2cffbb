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
            await thief.StealAgainAsync(cancellationToken);
        }

        var (requests, responses, traces) = await AttemptAsync(attack, cancellationToken);
        var outcomes = await _judge.DecideAsync(requests, responses, cancellationToken);
        var holdfast = Judge.Summarise(responses, outcomes, attack.Allowed);
        var bearer = await AskTwinAsync(attack, requests, cancellationToken);
        var refused = traces.Where((_, i) => outcomes[i] == DrillAnswer.Refused).Distinct(StringComparer.Ordinal).ToArray();
        var (signal, signalled) = await FindSignalsAsync(refused, attack.Noticed, cancellationToken);
        var evidence = requests[0].ToString();

        return new DrillRow
        {
            Attack = attack.Id,
            Description = attack.Description,
            BearerApi = bearer,
            Holdfast = holdfast,
            Failure = signal?.Failure,
            Severity = signal?.Severity,
            Signalled = signalled,
            // Exactly as many as may: an intercepted proof that nobody can use at all would show that the drill measured nothing.
            Passed = holdfast.Outcome == DrillAnswer.Refused && holdfast.Accepted == attack.Allowed,
            Note = attack.Note?.Invoke(thief),
            Evidence = options.ShowTokens ? evidence : Redaction.Shorten(evidence),
        };
    }

    // Every refusal must be told of. Of several, the last one names the row; where the attack itself is to be noticed, the last that was not.
    private async Task<(ObservedSignal? Telling, bool? Signalled)> FindSignalsAsync(string[] refused, string? noticed, CancellationToken cancellationToken)
    {
        if (_signals is null)
            return (null, null);
        List<ObservedSignal?> found = [];
        foreach (var trace in refused)
            found.Add(await _signals.FindAsync(trace, noticed, cancellationToken));
        var signals = found.OfType<ObservedSignal>().ToArray();
        var telling = signals.LastOrDefault(signal => noticed is null || signal.Failure != noticed) ?? signals.LastOrDefault();
        return (telling, found.Count > 0 && !found.Contains(null));
    }

    // A challenge for a nonce stops nobody: the thief prepares the attack again with the nonce he was given, once. Each request has a trace of
    // its own (W3C Trace Context), by which its signal is found; racing copies share one.
    private async Task<(IReadOnlyList<RawRequest> Requests, IReadOnlyList<RawResponse> Responses, IReadOnlyList<string> Traces)> AttemptAsync(
        Attack attack, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = (thief.Nonce, thief.IssuerNonce);
            var shared = RandomHex(16);
            var prepared = attack.Prepare(thief);
            var traces = prepared.Select(_ => attack.Together ? shared : RandomHex(16)).ToArray();
            var requests = prepared.Select((request, i) => request.With("traceparent", $"00-{traces[i]}-{RandomHex(8)}-01")).ToArray();
            var responses = await SendAsync(attack, requests, cancellationToken);
            for (var i = 0; i < requests.Length; i++)
                thief.Learn(requests[i], responses[i]);
            var challenged = (thief.Nonce, thief.IssuerNonce) != before && responses.Any(response => response.Error == "use_dpop_nonce");
            if (attempt == 2 || !challenged || responses.Any(response => response.IsSuccess))
                return (requests, responses, traces);
        }
    }

    private async Task<DrillAnswer?> AskTwinAsync(Attack attack, IReadOnlyList<RawRequest> requests, CancellationToken cancellationToken)
    {
        if (attack.Bearer == BearerForm.None)
            return null;
        var asked = requests.Select(request => AtTwin(attack.Bearer, request)).ToArray();
        var answers = await SendAsync(attack, asked, cancellationToken);
        var answer = Judge.Summarise(answers, await _judge.DecideAsync(asked, answers, cancellationToken), attack.Allowed);
        return attack == TokenAttacks.AsBearer && answer.Outcome != DrillAnswer.LetIn
            ? throw new DrillFailedException($"the plain bearer API for comparison refused the token with {answer.Status}: it cannot be compared with")
            : answer;
    }

    private RawRequest AtTwin(BearerForm form, RawRequest request)
    {
        var there = request with
        {
            Origin = twinOrigin,
            Target = request.Target.Replace(request.Origin, twinOrigin, StringComparison.Ordinal),
            Certificate = null,
        };
        return form == BearerForm.Same ? there : there.Without("Authorization").With("Authorization", $"Bearer {request.Token}");
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

    private static string RandomHex(int octets) => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(octets));
}
