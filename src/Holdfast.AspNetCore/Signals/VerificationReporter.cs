using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore;

/// <summary>
/// Logs each refusal once (DPOP-RS-30), as far as a flood of them allows, and hands every one to the observers. Used by the doors and by the issuer.
/// </summary>
public sealed class VerificationReporter(ILogger<VerificationReporter> logger, IEnumerable<IVerificationObserver> observers, TimeProvider timeProvider) : IDisposable
{
    private readonly IVerificationObserver[] _observers = [.. observers];
    private readonly RefusalLogLimit _limit = new(logger, timeProvider);
    // A broken observer fails at each refusal.
    private readonly LogBudget _observerFailures = new(timeProvider, perSecond: 1, burst: 10);

    /// <summary>Reports what a verdict on a request to a resource recorded, and counts it by client and route.</summary>
    internal void Report(HttpContext context, HoldfastResource resource, Verdict verdict)
    {
        RefusalMeter.Record(context, resource, verdict);
        Report(context, VerifierRole.ResourceServer, resource.Config.Name, verdict);
    }

    /// <summary>Reports what a verdict recorded; nothing where it recorded nothing.</summary>
    public void Report(HttpContext context, VerifierRole role, string resource, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        if (verdict.Recorded is { } recorded)
            Report(context, role, resource, recorded, verdict.IsAccepted ? null : verdict.Answered, verdict.Token, verdict.Proof,
                certificate: verdict.Certificate);
    }

    /// <summary>Reports a refusal; <paramref name="answered"/> is null where the request passed nonetheless.</summary>
    public void Report(HttpContext context, VerifierRole role, string resource, Refusal recorded, VerificationFailure? answered,
        AccessToken? token = null, DPoPProof? proof = null, string? clientId = null, ClientCertificate? certificate = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(recorded);
        FailureInfo failure = FailureCatalog.Get(recorded.Failure);
        LogLevel level = LevelOf(failure, isRefused: answered is not null);
        bool isLogged = logger.IsEnabled(level) && _limit.TryTake(failure, role, level);
        // In a flood nobody may be left to tell: then it costs no more than this.
        if (!isLogged && _observers.Length == 0)
            return;

        ReadOnlySpan<char> path = RawPath.Of(context);
        int query = path.IndexOf('?');
        if (query >= 0)
            path = path[..query];
        var signal = new VerificationSignal
        {
            Failure = failure,
            Answered = answered is { } told && told != recorded.Failure ? FailureCatalog.Get(told) : failure,
            Refused = answered is not null,
            Role = role,
            Resource = resource,
            Time = timeProvider.GetUtcNow(),
            Method = Printable.From(OriginalRequest.MethodOf(context)),
            Path = Printable.From(path),
            ClientId = Printable.From(token?.ClientId ?? clientId),
            Subject = Printable.From(token?.Subject),
            ProofThumbprint = proof?.Thumbprint.ToString(),
            ExpectedThumbprint = token?.Confirmation.Jkt?.ToString(),
            CertificateThumbprint = certificate?.Thumbprint.ToString(),
            ExpectedCertificateThumbprint = token?.Confirmation.X5tS256?.ToString(),
            JtiHash = proof?.JtiHash,
            Expected = Printable.From(recorded.Expected),
            Seen = Printable.From(recorded.Seen),
            TraceId = Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier,
        };
        if (isLogged)
            Log(signal, level);
        Tell(signal);
    }

    private void Log(VerificationSignal signal, LogLevel level)
    {
        // Would-be refusals of observe mode are what an operator reads before switching to require.
        if (signal.Refused)
        {
            HoldfastLog.LogRefused(logger, level, signal.Failure.Name, signal.Failure.Severity, signal.Resource, signal.ClientId, signal.ProofThumbprint,
                signal.ExpectedThumbprint, signal.CertificateThumbprint, signal.ExpectedCertificateThumbprint, signal.JtiHash, signal.Expected, signal.Seen, signal.Method, signal.Path, signal.TraceId);
        }
        else if (signal.Failure.Failure == VerificationFailure.CertificateHeaderUntrusted)
        {
            HoldfastLog.LogDropped(logger, level, signal.Failure.Name, signal.Failure.Severity, signal.Resource, signal.Expected, signal.Seen, signal.Method,
                signal.Path, signal.TraceId);
        }
        else
        {
            HoldfastLog.LogWouldRefuse(logger, level, signal.Failure.Name, signal.Failure.Severity, signal.Resource, signal.ClientId, signal.Expected,
                signal.Seen, signal.Method, signal.Path, signal.TraceId);
        }
    }

    private void Tell(VerificationSignal signal)
    {
        foreach (IVerificationObserver observer in _observers)
        {
            try
            {
                observer.Observed(signal);
            }
#pragma warning disable CA1031 // An observer is the application's own code; whatever it throws, the answer to the caller stands.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                if (_observerFailures.TryTake())
                    HoldfastLog.LogObserverFailed(logger, failure, observer.GetType().Name);
            }
        }
    }

    /// <summary>Says what the log has left out until now.</summary>
    public void Dispose() => _limit.Dispose();

    // What passed by leave of observe mode is no warning; a field that was taken from a request is, though the request went on.
    private static LogLevel LevelOf(FailureInfo failure, bool isRefused) =>
        isRefused || failure.Failure == VerificationFailure.CertificateHeaderUntrusted ? LevelOf(failure.Severity) : LogLevel.Information;

    private static LogLevel LevelOf(FailureSeverity severity) => severity switch
    {
        FailureSeverity.Expected => LogLevel.Debug,
        FailureSeverity.Clock => LogLevel.Information,
        FailureSeverity.Misconfiguration => LogLevel.Warning,
        FailureSeverity.Suspicious => LogLevel.Warning,
        FailureSeverity.Theft => LogLevel.Error,
    };
}
