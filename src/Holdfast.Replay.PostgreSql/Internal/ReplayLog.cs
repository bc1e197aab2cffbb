using Microsoft.Extensions.Logging;

namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>The log messages of this assembly.</summary>
internal static partial class ReplayLog
{
    [LoggerMessage(1, LogLevel.Information, "Replay records are shared through PostgreSQL (schema {Schema}); without a nonce of this epoch proofs count from {Fence:O} on")]
    public static partial void LogShared(ILogger logger, string schema, DateTimeOffset fence);

    [LoggerMessage(2, LogLevel.Error, "The shared replay records are lost: {Problem}. Until they are back this node {Policy}")]
    public static partial void LogLost(ILogger logger, string problem, string policy);

    [LoggerMessage(3, LogLevel.Error, "The shared replay records cannot be reached: {Problem}. Until they can this node {Policy}")]
    public static partial void LogUnreachable(ILogger logger, string problem, string policy);
}
