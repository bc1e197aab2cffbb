using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>Keeps what a store tells its operator.</summary>
internal sealed class ListLogger : ILogger<PostgreSqlReplayStore>
{
    private readonly ConcurrentQueue<(LogLevel, int, string)> _lines = new();

    public IReadOnlyList<(LogLevel Level, int Id, string Text)> Lines => [.. _lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue((logLevel, eventId.Id, formatter(state, exception)));
}
