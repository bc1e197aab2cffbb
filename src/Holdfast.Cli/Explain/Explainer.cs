using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Explain;

/// <summary>Judges a capture with the verifier that every door uses, and tells how far it came.</summary>
internal sealed class Explainer
{
    private readonly ExplainCase _input;
    private readonly ExplainTrust _trust;
    private readonly ExplainCertificates _certificates;
    private readonly VerifierRole _role;
    private readonly JudgementTime _time;
    private readonly DPoPProofVerifier _proofs;
    private readonly RequestVerifier _requests;
    private readonly ResourceConfig _resource;
    private readonly NonceMode _nonceMode;

    public Explainer(ExplainCase input, ExplainTrust trust, ExplainCertificates certificates, VerifierRole role, DateTimeOffset at, string? nonceKey)
    {
        (_input, _trust, _certificates, _role) = (input, trust, certificates, role);
        ExplainPolicy policy = input.Policy;
        _time = new JudgementTime(input.Previous is [var first, ..] ? first.Time : at);
        var clock = new VerifierClock(_time);
        byte[]? key = KeyOf(nonceKey ?? policy.NonceKey);
        // Without the server's key its nonces cannot be told from others, so they are not judged.
        _nonceMode = key is null ? NonceMode.Off : policy.NonceMode ?? NonceMode.OnDemand;
        var proofPolicy = new DPoPProofPolicy { NonceMode = _nonceMode };
        if (policy.Algorithms is { } algorithms)
            proofPolicy = proofPolicy with { Algorithms = algorithms };
        _proofs = new DPoPProofVerifier(role, proofPolicy, clock, ExplainReplay.Create(policy.ReplayStore, clock), key is null ? null : new DPoPNonces(clock, role, key));
        _requests = new RequestVerifier(policy.OpaqueJkt is { } jkt ? ExplainTokens.Opaque(jkt, clock) : ExplainTokens.With(trust.KeySet, clock), _proofs, clock);
        _resource = new ResourceConfig { Name = "explain", Issuer = trust.Issuer, Audience = trust.Audience, Mode = policy.Mode ?? SenderConstraintMode.Require };
        At = at;
    }

    /// <summary>The time of judgement.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Judges, after the requests that came before.</summary>
    public async Task<ExplainReport> ExplainAsync(string timeSource, CancellationToken cancellationToken)
    {
        foreach ((DateTimeOffset time, CapturedRequest request) in _input.Previous)
        {
            _time.Set(time);
            await JudgeAsync(request, null, cancellationToken);
        }
        _time.Set(At);
        var trace = new VerificationTrace();
        (bool accepted, Refusal? recorded, VerificationFailure answered, AccessToken? token) = await JudgeAsync(_input.Request, trace, cancellationToken);
        int query = _input.Request.RawTarget.IndexOf('?', StringComparison.Ordinal);
        return new ExplainReport
        {
            Accepted = accepted,
            Method = Printable(_input.Request.Method),
            Url = Printable((_trust.Origins.Count > 0 ? _trust.Origins[0] : "") + (query < 0 ? _input.Request.RawTarget : _input.Request.RawTarget[..query])),
            Role = _role == VerifierRole.AuthorizationServer ? "issuer" : "resource",
            JudgedAt = At,
            TimeSource = timeSource,
            Issuer = _trust.Issuer.Length == 0 ? null : _trust.Issuer,
            Audience = _trust.Audience.Length == 0 ? null : _trust.Audience,
            ClientId = token?.ClientId,
            Certificate = _certificates.Of(_input.Request).Certificate?.Thumbprint.ToString(),
            Checks = Walk(trace.Passed, accepted ? null : recorded!.Failure),
            Failure = recorded is null ? null : Describe(recorded, accepted ? recorded.Failure : answered),
            Notes = [.. _trust.Notes, .. Limits(trace.Passed, recorded?.Failure)],
        };
    }

    private async Task<(bool, Refusal?, VerificationFailure, AccessToken?)> JudgeAsync(CapturedRequest request, VerificationTrace? trace, CancellationToken cancellationToken)
    {
        List<HttpTarget> targets = [];
        foreach (string origin in _trust.Origins)
        {
            if (HttpTarget.TryCreate(origin, request.RawTarget, out HttpTarget target))
                targets.Add(target);
        }
        if (_role == VerifierRole.AuthorizationServer)
        {
            ProofOutcome outcome = _proofs.Verify(request.Field("DPoP"), request.Method, targets, accessToken: null, boundTo: null, trace);
            if (outcome.Passed)
                outcome = await _proofs.SpendAsync(outcome, trace, cancellationToken);
            return (outcome.Passed, outcome.Recorded, outcome.Answered, null);
        }
        Verdict verdict = await _requests.VerifyAsync(new PresentedRequest
        {
            Method = request.Method,
            Targets = targets,
            Authorization = request.Field("Authorization"),
            DPoP = request.Field("DPoP"),
            Certificate = _certificates.Of(request),
            TokenOutsideHeader = request.HasTokenOutsideHeader,
        }, _resource, trace, cancellationToken);
        return (verdict.IsAccepted, verdict.Recorded, verdict.Answered, verdict.Token);
    }

    private List<ExplainedCheck> Walk(IReadOnlyList<VerificationCheck> passed, VerificationFailure? refused)
    {
        CheckInfo[] checks = [.. CheckCatalog.All.Where(check => _role == VerifierRole.ResourceServer || IsOfIssuer(check.Check))];
        VerificationCheck? failed = refused switch
        {
            null => null,
            // What a proxy hands on is read before anything else, and may fail there.
            >= VerificationFailure.CertificateMissing and <= VerificationFailure.CertificateHeaderUnreadable => VerificationCheck.Certificate,
            _ => checks.First(check => check.Check != VerificationCheck.Certificate && !passed.Contains(check.Check)).Check,
        };
        return [.. checks.Select(check => new ExplainedCheck(
            System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(check.Check.ToString()), check.Title, check.Section, ResultOf(check.Check, passed, failed)))];
    }

    private string ResultOf(VerificationCheck check, IReadOnlyList<VerificationCheck> passed, VerificationCheck? failed)
    {
        if (passed.Contains(check))
            return IsKnown(check) ? "passed" : "unknown";
        if (failed is null)
            return "not_needed";
        if (check == failed)
            return "failed";
        // A token that is bound to a key alone needs no certificate.
        return check == VerificationCheck.Certificate && passed.Contains(VerificationCheck.Binding) ? "not_needed" : "not_reached";
    }

    // These two ask what only the server remembers.
    private bool IsKnown(VerificationCheck check) => check switch
    {
        VerificationCheck.Replay => KnowsReplays,
        VerificationCheck.Nonce => KnowsNonces,
        _ => true,
    };

    private bool KnowsReplays => _input.Previous.Count > 0 || _input.Policy.ReplayStore is not null;

    private bool KnowsNonces => _nonceMode != NonceMode.Off || _input.Policy.NonceMode is not null;

    // No token yet, so nothing that a proof could be compared with.
    private static bool IsOfIssuer(VerificationCheck check) =>
        check >= VerificationCheck.OneProof && check is not (VerificationCheck.KeyBinding or VerificationCheck.TokenHash);

    private ExplainedFailure Describe(Refusal recorded, VerificationFailure answered)
    {
        FailureInfo failure = FailureCatalog.Get(recorded.Failure), told = FailureCatalog.Get(answered);
        return new ExplainedFailure
        {
            Name = failure.Name,
            Severity = SignalLine.NameOf(failure.Severity),
            Owner = failure.Layer switch { OwningLayer.Identity => "identity", OwningLayer.Platform => "platform", OwningLayer.Application => "application" },
            Section = failure.Section,
            Expected = recorded.Expected,
            Seen = recorded.Seen,
            Cause = failure.Cause,
            Fix = failure.Fix,
            Answered = told.Name,
            WireError = told.WireError,
            Status = _role == VerifierRole.AuthorizationServer ? told.IssuerStatus : told.ResourceStatus,
            Description = told.Description,
            Documentation = failure.Documentation,
        };
    }

    private IEnumerable<string> Limits(IReadOnlyList<VerificationCheck> passed, VerificationFailure? failure)
    {
        if (_certificates.Note(_input.Request, failure) is { } note)
            yield return note;
        if (!KnowsReplays && passed.Contains(VerificationCheck.Replay))
            yield return "Which proofs the server accepted before is not known here: a replay is not noticed.";
        if (!KnowsNonces && passed.Contains(VerificationCheck.Nonce))
            yield return "The server's nonces are not known here and were not judged; give --nonce-key where the server shares one.";
        if (_role == VerifierRole.AuthorizationServer)
            yield return "Only the proof was judged, not the client's authentication or its request.";
    }

    private static byte[]? KeyOf(string? hex)
    {
        if (hex is null)
            return null;
        if (hex.Length >= 2 * DPoPNonceKeys.MinimumLength && hex.Length % 2 == 0 && hex.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(hex);
        throw new CliException($"The nonce key is not {DPoPNonceKeys.MinimumLength} or more bytes in hexadecimal.");
    }

    private static string Printable(string text)
    {
        string cut = text.Length <= 300 ? text : string.Concat(text.AsSpan(0, 300), "...");
        return string.Create(cut.Length, cut, static (destination, source) =>
        {
            for (int i = 0; i < source.Length; i++)
                destination[i] = source[i] is >= ' ' and <= '~' ? source[i] : '?';
        });
    }
}
