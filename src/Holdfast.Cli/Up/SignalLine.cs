using Holdfast.AspNetCore;

namespace Holdfast.Cli.Up;

/// <summary>One line of the signals file: a refusal, or what observe mode let pass. Holds no token, proof or key.</summary>
internal sealed record SignalLine
{
    public required DateTimeOffset Time { get; init; }
    public required string Failure { get; init; }
    public required string Severity { get; init; }
    public required string Role { get; init; }
    /// <summary>The wire code that the caller was told, and the failure it stands for; they differ from what is recorded where a
    /// challenge takes a refusal's place.</summary>
    public required string? WireError { get; init; }
    public required string Answered { get; init; }
    public required int? Status { get; init; }
    public required bool Accepted { get; init; }
    public required string? ClientId { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required string? TraceId { get; init; }
    public required string? JtiHash { get; init; }
    public required string? Thumbprint { get; init; }
    public required string? ExpectedThumbprint { get; init; }
    public required string? Expected { get; init; }
    public required string? Seen { get; init; }

    /// <summary>From what a door reported.</summary>
    public static SignalLine From(VerificationSignal signal)
    {
        bool isIssuer = signal.Role == VerifierRole.AuthorizationServer;
        return new()
        {
            Time = signal.Time,
            Failure = signal.Failure.Name,
            Severity = NameOf(signal.Failure.Severity),
            Role = isIssuer ? "issuer" : "resource",
            WireError = signal.Refused ? signal.Answered.WireError : null,
            Answered = signal.Refused ? signal.Answered.Name : "accepted",
            Status = !signal.Refused ? null : isIssuer ? signal.Answered.IssuerStatus : signal.Answered.ResourceStatus,
            Accepted = !signal.Refused,
            ClientId = signal.ClientId,
            Method = signal.Method,
            Path = signal.Path,
            TraceId = signal.TraceId,
            JtiHash = signal.JtiHash,
            Thumbprint = signal.ProofThumbprint,
            ExpectedThumbprint = signal.ExpectedThumbprint,
            Expected = signal.Expected,
            Seen = signal.Seen,
        };
    }

    /// <summary>The severity as it is written everywhere outside of code.</summary>
    public static string NameOf(FailureSeverity severity) => severity switch
    {
        FailureSeverity.Expected => "expected",
        FailureSeverity.Clock => "clock",
        FailureSeverity.Misconfiguration => "misconfiguration",
        FailureSeverity.Suspicious => "suspicious",
        FailureSeverity.Theft => "theft",
    };
}
