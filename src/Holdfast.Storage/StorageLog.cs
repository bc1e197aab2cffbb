using Microsoft.Extensions.Logging;

namespace Holdfast.Storage;

/// <summary>The log messages of this assembly.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(1, LogLevel.Information, "State is kept in {Database}, schema {Number}")]
    public static partial void LogOpened(ILogger logger, string database, long number);

    [LoggerMessage(2, LogLevel.Information, "{Database} was brought to schema {Number} ({Name})")]
    public static partial void LogMigrated(ILogger logger, string database, long number, string name);

    [LoggerMessage(3, LogLevel.Error, "{Database} does not answer: {Problem}. Until it does, requests are refused (503)")]
    public static partial void LogLost(ILogger logger, string database, string problem);

    [LoggerMessage(4, LogLevel.Information, "{Database} answers again")]
    public static partial void LogBack(ILogger logger, string database);

    [LoggerMessage(5, LogLevel.Error, "{Database} refused a statement; the request was refused (503). The same is told once a minute")]
    public static partial void LogFault(ILogger logger, string database, Exception fault);

    [LoggerMessage(6, LogLevel.Warning, "{Database} cannot be reached yet: {Problem}. The start waits for it")]
    public static partial void LogWaiting(ILogger logger, string database, string problem);

    [LoggerMessage(7, LogLevel.Critical, "{Database} was set back to an earlier state, as by a restored backup. A new line of history begins: client assertions from before {RestoredAt:O}, codes and pushed requests "
        + "count no more, and what was changed or revoked since that state was saved is lost. Look through the clients, keys and revocations")]
    public static partial void LogSetBack(ILogger logger, string database, DateTimeOffset restoredAt);

    [LoggerMessage(8, LogLevel.Warning, "The note of the last pulse '{Path}' cannot be written: a database that is set back while nothing runs would not be noticed ({Problem})")]
    public static partial void LogNoteUnwritten(ILogger logger, string path, string problem);

    [LoggerMessage(9, LogLevel.Information, "The spent assertions of an earlier version in '{Path}' cannot be taken over: client assertions from before {RestoredAt:O} count no more. The file may be deleted in six minutes")]
    public static partial void LogEarlierVersion(ILogger logger, string path, DateTimeOffset restoredAt);
}
