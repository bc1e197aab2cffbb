using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore;

/// <summary>
/// The log messages of this assembly. In one class, because the generator writes several classes in an order that differs from build to
/// build, and packages are built deterministically. Categories are those of the loggers handed in.
/// </summary>
internal static partial class HoldfastLog
{
    [LoggerMessage(20, LogLevel.Information, "{Resource} takes tokens of {Issuer}; sender constraint: {Mode}, nonces: {Nonces}")]
    public static partial void LogStarted(ILogger logger, string resource, string issuer, SenderConstraintMode mode, NonceMode nonces);

    [LoggerMessage(21, LogLevel.Warning, "DangerouslyAllowHttp is set for {Resource}: tokens and proofs may travel in the clear")]
    public static partial void LogDangerousHttp(ILogger logger, string resource);

    [LoggerMessage(22, LogLevel.Warning, "{Resource} takes unbound tokens of client {Client} until {Until}: {Exemption}")]
    public static partial void LogExemption(ILogger logger, string resource, string client, DateTimeOffset until, string exemption);

    [LoggerMessage(23, LogLevel.Warning, "{Resource} keeps proofs in memory with nonces {Nonces}: a second instance would accept the same proof again. "
        + "Set SingleInstance where there is only ever one, or NonceMode to Always")]
    public static partial void LogManyInstances(ILogger logger, string resource, NonceMode nonces);

    [LoggerMessage(24, LogLevel.Warning, "{Resource} keeps proofs in memory and takes the application's nonces: whatever else uses the same nonce key, an earlier or "
        + "another instance, would accept the same proof again. Register an IReplayStore that is shared as the nonces are")]
    public static partial void LogNoncesOutliveProofs(ILogger logger, string resource);

    [LoggerMessage(27, LogLevel.Critical, "The replay self-test was accepted twice: whatever is captured can be sent again. Take this process out of service; its replay store is of no use")]
    public static partial void LogReplayAccepted(ILogger logger);

    [LoggerMessage(28, LogLevel.Warning, "The replay self-test: {Outcome}, {Reason}")]
    public static partial void LogSelfTestFails(ILogger logger, ReplaySelfTestOutcome outcome, string? reason);

    [LoggerMessage(29, LogLevel.Information, "The replay self-test: proofs may have been accepted before the start, and are refused until none of them can be fresh")]
    public static partial void LogSelfTestFenced(ILogger logger);

    [LoggerMessage(31, LogLevel.Information, "The replay self-test passes again: a proof is accepted once")]
    public static partial void LogSelfTestPasses(ILogger logger);

    [LoggerMessage(EventId = 10, EventName = "Refused", Message = "Refused: {Failure} ({Severity}) at {Resource}; client {Client}, proof key {ProofThumbprint}, bound key {ExpectedThumbprint}, "
        + "certificate {CertificateThumbprint}, bound certificate {ExpectedCertificateThumbprint}, jti hash {JtiHash}; expected {Expected}, seen {Seen}; {Method} {Path}, trace {TraceId}")]
    public static partial void LogRefused(ILogger logger, LogLevel level, string failure, FailureSeverity severity, string resource, string? client,
        string? proofThumbprint, string? expectedThumbprint, string? certificateThumbprint, string? expectedCertificateThumbprint, string? jtiHash, string? expected, string? seen, string method, string path, string? traceId);

    [LoggerMessage(EventId = 11, EventName = "WouldRefuse", Message = "Accepted, and require would have refused: {Failure} ({Severity}) at {Resource}; client {Client}; expected {Expected}, "
        + "seen {Seen}; {Method} {Path}, trace {TraceId}")]
    public static partial void LogWouldRefuse(ILogger logger, LogLevel level, string failure, FailureSeverity severity, string resource, string? client,
        string? expected, string? seen, string method, string path, string? traceId);

    [LoggerMessage(EventId = 13, EventName = "Dropped", Message = "Dropped: {Failure} ({Severity}) at {Resource}; expected {Expected}, seen {Seen}; {Method} {Path}, trace {TraceId}")]
    public static partial void LogDropped(ILogger logger, LogLevel level, string failure, FailureSeverity severity, string resource, string? expected, string? seen,
        string method, string path, string? traceId);

    [LoggerMessage(EventId = 14, EventName = "LeftOut", Message = "... and {Count} more of {Failure} ({Severity}) at role {Role} in the last {Seconds} s")]
    public static partial void LogLeftOut(ILogger logger, LogLevel level, long count, string failure, FailureSeverity severity, VerifierRole role, double seconds);

    [LoggerMessage(25, LogLevel.Information, "Client certificates on {Listener} are those that its trusted proxies hand on, as {Format}: {Fields}")]
    public static partial void LogForwardedCertificates(ILogger logger, string listener, string format, string fields);

    [LoggerMessage(26, LogLevel.Warning, "AddForwardedClientCertificates declares {Listener}, and this server listens on {Addresses} only: what a proxy hands on there is dropped")]
    public static partial void LogNoSuchListener(ILogger logger, string listener, string addresses);

    [LoggerMessage(12, LogLevel.Error, "The observer {Observer} failed")]
    public static partial void LogObserverFailed(ILogger logger, Exception failure, string observer);

    [LoggerMessage(1, LogLevel.Warning, "The keys of issuer {Issuer} could not be read ({Standing}): {Problem}")]
    public static partial void LogFetchFailed(ILogger logger, string issuer, string standing, string problem);

    [LoggerMessage(2, LogLevel.Information, "Issuer {Issuer} has withdrawn a key; tokens it signed are no longer remembered")]
    public static partial void LogKeyWithdrawn(ILogger logger, string issuer);

    [LoggerMessage(30, LogLevel.Warning, "DangerouslyAllowHttp is set for the contexts of {Audience}: whoever can change the guard's keys on their way can be anybody")]
    public static partial void LogDangerousContextKeys(ILogger logger, string audience);
}
