using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Holdfast;

/// <summary>
/// Meters and activities of every verifier in the process, under the name <see cref="Name"/>. Instruments:
/// <c>holdfast.verifications</c> (tags role, resource, outcome, failure, severity), <c>holdfast.challenges</c> (nonce challenges, never counted as
/// failures), <c>holdfast.proof.age</c> (seconds between <c>iat</c> and now of genuine proofs, from which an operator can choose windows),
/// <c>holdfast.verifications.shed</c> (requests that were refused unseen because the node has too much to do; tags role, resource, reason),
/// <c>holdfast.certificate_fields.dropped</c> (requests from which a certificate field was taken because nobody may send it; tags resource, peer).
/// </summary>
public static class VerifierMeter
{
    /// <summary>The name of meter and activity source.</summary>
    public const string Name = "Holdfast";

    private static readonly ActivitySource Activities = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Verifications =
        Meter.CreateCounter<long>("holdfast.verifications", "{request}", "Requests verified, by outcome.");
    private static readonly Counter<long> Challenges =
        Meter.CreateCounter<long>("holdfast.challenges", "{request}", "Requests answered with a nonce challenge, by what was recorded.");
    private static readonly Histogram<double> ProofAge =
        Meter.CreateHistogram<double>("holdfast.proof.age", "s", "Age of genuine proofs by their iat; negative where a clock is ahead.");

    private static readonly Counter<long> Shed =
        Meter.CreateCounter<long>("holdfast.verifications.shed", "{request}", "Requests refused unseen because the node has too much to do, by reason: backlog or concurrency.");
    private static readonly Counter<long> DroppedFields =
        Meter.CreateCounter<long>("holdfast.certificate_fields.dropped", "{request}", "Requests with a certificate field that was dropped, by who sent them.");

    /// <summary>Starts the activity of one verification; null where nobody listens.</summary>
    public static Activity? Start() => Activities.HasListeners() ? Activities.StartActivity("holdfast.verify") : null;

    /// <summary>
    /// Counts a request whose certificate fields were dropped (FWD-20). <paramref name="fromProxy"/>: a trusted proxy let them through, which means
    /// that it does not remove what its clients send.
    /// </summary>
    public static void RecordDroppedCertificateFields(string resource, bool fromProxy)
    {
        if (DroppedFields.Enabled)
            DroppedFields.Add(1, new TagList { { "resource", resource }, { "peer", fromProxy ? "proxy" : "stranger" } });
    }

    /// <summary>Counts a request that was refused unseen. It counts as nothing else.</summary>
    public static void RecordShed(VerifierRole role, string resource, string reason)
    {
        if (Shed.Enabled)
            Shed.Add(1, new TagList { { "role", NameOf(role) }, { "resource", resource }, { "reason", reason } });
    }

    /// <summary>Counts a verdict.</summary>
    public static void Record(VerifierRole role, Verdict verdict, string resource, DateTimeOffset now, Activity? activity)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        Record(role, verdict.IsAccepted, verdict.Recorded?.Failure, verdict.Answered, verdict.Proof, resource, now, activity);
    }

    /// <summary>Counts an outcome: at the issuer, where there is no verdict on a token.</summary>
    public static void Record(VerifierRole role, bool accepted, VerificationFailure? recorded, VerificationFailure answered, DPoPProof? proof, string resource,
        DateTimeOffset now, Activity? activity)
    {
        // Nothing was verified: RecordShed has counted it.
        if (recorded is VerificationFailure.VerifierOverloaded)
            return;
        FailureInfo? info = recorded is { } failure ? FailureCatalog.Get(failure) : null;
        if (activity is not null)
        {
            activity.SetTag("holdfast.outcome", accepted ? "accepted" : "refused");
            activity.SetTag("holdfast.failure", info?.Name);
            if (!accepted)
                activity.SetStatus(ActivityStatusCode.Error, info?.Name);
        }
        string roleName = NameOf(role);
        if (!accepted && string.Equals(FailureCatalog.Get(answered).WireError, "use_dpop_nonce", StringComparison.Ordinal))
        {
            if (Challenges.Enabled)
                Challenges.Add(1, new TagList { { "role", roleName }, { "resource", resource }, { "failure", info?.Name } });
        }
        else if (Verifications.Enabled)
        {
            Verifications.Add(1, new TagList
            {
                { "role", roleName },
                { "resource", resource },
                { "outcome", accepted ? "accepted" : "refused" },
                { "failure", info?.Name },
                { "severity", info?.Severity.ToString() },
            });
        }
        if (accepted && proof is not null && ProofAge.Enabled)
            ProofAge.Record((now - proof.Iat).TotalSeconds, new TagList { { "role", roleName }, { "resource", resource } });
    }

    private static string NameOf(VerifierRole role) => role == VerifierRole.AuthorizationServer ? "issuer" : "resource";
}
