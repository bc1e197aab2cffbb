using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>One line for each refusal: for the operator, without tokens, proofs and assertions.</summary>
internal static partial class IssuerLog
{
    public static void Refused(ILogger logger, TokenDecision decision)
    {
        FailureInfo recorded = FailureCatalog.Get(decision.Recorded.Failure);
        LogLevel level = recorded.Severity == FailureSeverity.Expected ? LogLevel.Information : LogLevel.Warning;
        if (logger.IsEnabled(level))
        {
            Refused(logger, level, recorded.Name, recorded.Severity, decision.ClientId ?? "-", decision.ClientIsAuthenticated ? "authenticated" : "claimed",
                decision.Proof?.Thumbprint, decision.Proof?.JtiHash ?? "-", decision.Recorded.Expected ?? "-", decision.Recorded.Seen ?? "-", recorded.Fix);
        }
    }

    [LoggerMessage(EventId = 10, EventName = "TokenRefused", Message = "Token refused: {Failure} ({Severity}); client {ClientId} ({ClientStanding}), "
        + "jkt {Jkt}, jti hash {JtiHash}; expected {Expected}; seen {Seen}. {Fix}")]
    private static partial void Refused(ILogger logger, LogLevel level, string failure, FailureSeverity severity, string clientId, string clientStanding,
        JwkThumbprint? jkt, string jtiHash, string expected, string seen, string fix);
}
