using Microsoft.Extensions.Logging;

namespace Holdfast.Control;

/// <summary>The log messages of this assembly.</summary>
internal static partial class ControlLog
{
    [LoggerMessage(1, LogLevel.Information, "{Actor} ({Thumbprint}, {Address}): {Action} {Id}")]
    public static partial void LogChanged(ILogger logger, string actor, string? thumbprint, string? address, string action, string id);

    [LoggerMessage(2, LogLevel.Warning, "The registry cannot be reached: {Problem}")]
    public static partial void LogUnavailable(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Warning, "{Actor} ({Thumbprint}, {Address}) is {State} in the registry and was refused")]
    public static partial void LogActorEnded(ILogger logger, string actor, string? thumbprint, string? address, string state);
}
