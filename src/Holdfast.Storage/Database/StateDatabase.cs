using Microsoft.Extensions.Logging;

namespace Holdfast.Storage;

/// <summary>Chooses the engine.</summary>
internal static class StateDatabase
{
    public static IStateDatabase Create(HoldfastStorageOptions options, Pulse? pulse, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("Holdfast.Storage");
        return options.PostgreSql is null
            ? new SqliteDatabase(options, pulse, name => new(name, logger))
            : new PostgreSqlDatabase(options, pulse, name => new(name, logger));
    }
}
