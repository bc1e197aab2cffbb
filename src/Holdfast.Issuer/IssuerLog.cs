using Holdfast.Registry;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>
/// The log messages of this assembly. In one class, because the generator writes several classes in an order that differs from build to
/// build, and packages are built deterministically. Categories are those of the loggers handed in.
/// </summary>
internal static partial class IssuerLog
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "DangerouslyAllowHttp is on: tokens of {Issuer} may travel in the clear.")]
    public static partial void LogHttp(ILogger logger, string issuer);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "AllowClientSecrets is on: clients that use one can be impersonated by whoever reads their secret.")]
    public static partial void LogSecrets(ILogger logger);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Client {ClientId} may obtain unbound tokens: DPoPBoundAccessTokens is off for it, and no certificate binds them.")]
    public static partial void LogUnbound(ILogger logger, string clientId);

    [LoggerMessage(EventId = 4, Level = LogLevel.Warning, Message = "{Issuer} keeps proofs in memory with nonces {Nonces}: a second instance would accept the same proof again. "
        + "Set SingleInstance where there is only ever one, or NonceMode to Always")]
    public static partial void LogManyInstances(ILogger logger, string issuer, NonceMode nonces);

    [LoggerMessage(EventId = 5, Level = LogLevel.Warning, Message = "{Issuer} keeps proofs in memory and takes the host's nonces: whatever else uses the same nonce key, an earlier or "
        + "another instance, would accept the same proof again. Register an IReplayStore that is shared as the nonces are")]
    public static partial void LogNoncesOutliveProofs(ILogger logger, string issuer);

    [LoggerMessage(EventId = 6, Level = LogLevel.Warning, Message = "DangerouslyAllowInternalJwksUris is on: a client's jwks_uri may make the issuer ask machines inside your network.")]
    public static partial void LogInternalJwksUris(ILogger logger);

    [LoggerMessage(EventId = 7, Level = LogLevel.Warning, Message = "The keys of client {ClientId} could not be read from {JwksUri}: {Problem}")]
    public static partial void LogClientKeysUnavailable(ILogger logger, string clientId, Uri jwksUri, string problem);

    [LoggerMessage(EventId = 8, Level = LogLevel.Debug, Message = "Of the keys of client {ClientId} at {JwksUri} one is left out: {Problem}")]
    public static partial void LogClientKeyLeftOut(ILogger logger, string clientId, Uri jwksUri, string problem);

    [LoggerMessage(EventId = 9, Level = LogLevel.Error, Message = "{Kind} {Id} of the registry is left out, and refused: {Problems}")]
    public static partial void LogEntryLeftOut(ILogger logger, RegistryKind kind, string id, string problems);

    [LoggerMessage(EventId = 31, Level = LogLevel.Warning, Message = "What clients were last used for could not be written, and is tried again: {Problem}")]
    public static partial void LogUsesNotWritten(ILogger logger, string problem);

    [LoggerMessage(EventId = 32, Level = LogLevel.Information, Message = "{ClientId}, which does not authenticate, gave up a refresh token: grant {GrantId} has ended")]
    public static partial void LogGivenUp(ILogger logger, string clientId, string grantId);

    [LoggerMessage(EventId = 33, Level = LogLevel.Warning, Message = "Client {ClientId} authenticates by a shared secret: whoever reads it can be that client. Move it to private_key_jwt or a certificate")]
    public static partial void LogSecretClient(ILogger logger, string clientId);

    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{Action} of signing key {Kid} by {Actor}")]
    public static partial void LogKeyStep(ILogger logger, string action, string kid, string actor);

    [LoggerMessage(EventId = 21, Level = LogLevel.Error, Message = "What is due in the life of the signing keys cannot be done: {Problem}")]
    public static partial void LogKeyProblem(ILogger logger, string problem);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "The signing key {Kid} was taken over from signing-key.pem into the database, and the file deleted; delete its backups too")]
    public static partial void LogKeyImported(ILogger logger, string kid);

    [LoggerMessage(EventId = 23, Level = LogLevel.Critical, Message = "DangerouslyReplaceLostKeys is on: the signing key {Kid} is revoked and replaced. {Problem}")]
    public static partial void LogKeyReplaced(ILogger logger, string kid, string problem);
}
