using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Internal;

/// <summary>What is said, and how loudly. A nonce challenge is part of the protocol and not a warning.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Client}: {Server} asked for a nonce; sending again with it.")]
    public static partial void NonceAsked(ILogger logger, string client, string server);

    [LoggerMessage(2, LogLevel.Warning, "{Client}: {Server} asked for a nonce although it was given its newest, or sent none. The fault is the server's.")]
    public static partial void NonceRefused(ILogger logger, string client, string server);

    [LoggerMessage(3, LogLevel.Warning, "{Client}: the clock of {Server} is {Offset} ahead of this machine's; proofs follow it. Set this machine's clock.")]
    public static partial void ClockLearned(ILogger logger, string client, string server, TimeSpan offset);

    [LoggerMessage(4, LogLevel.Information, "{Client}: {Server} no longer accepts the token; getting a new one.")]
    public static partial void TokenRefused(ILogger logger, string client, string server);

    [LoggerMessage(5, LogLevel.Warning, "{Client}: {Server} refused the proof (signed with {Alg}; it accepts: {Algs}).")]
    public static partial void ProofRefused(ILogger logger, string client, string server, string alg, string? algs);

    [LoggerMessage(6, LogLevel.Warning, "{Client}: the token could not be renewed ahead of its end; the old one stays in use.")]
    public static partial void RefreshFailed(ILogger logger, string client, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "{Client}: DangerouslyAllowHttp is on; tokens and proofs may travel unencrypted.")]
    public static partial void HttpAllowed(ILogger logger, string client);

    [LoggerMessage(8, LogLevel.Warning, "{Client}: the proof key {Jkt} is used at {Issuer} and at {Other}; use another key for every issuer.")]
    public static partial void KeyShared(ILogger logger, string client, JwkThumbprint jkt, string issuer, string other);

    [LoggerMessage(9, LogLevel.Information, "{Client}: presents the certificate {Thumbprint} from now on, valid until {NotAfter}.")]
    public static partial void CertificateTaken(ILogger logger, string client, CertificateThumbprint thumbprint, DateTimeOffset? notAfter);

    [LoggerMessage(10, LogLevel.Warning, "{Client}: the certificate {Thumbprint} is valid from {NotBefore} until {NotAfter}, and not now.")]
    public static partial void CertificateOutOfDate(
        ILogger logger, string client, CertificateThumbprint thumbprint, DateTimeOffset? notBefore, DateTimeOffset? notAfter);

    [LoggerMessage(11, LogLevel.Warning, "{Client}: the certificate on disk cannot be used, the one read before stays in use. {Problem}")]
    public static partial void CertificateNotRenewed(ILogger logger, string client, string problem);
}
