using Microsoft.Extensions.Logging;

namespace Holdfast.Bench;

/// <summary>A log that costs what writing an entry costs before any sink: each one is formatted, and its length counted.</summary>
internal sealed class FormattingLogger : ILoggerProvider, ILogger
{
    private long _written;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Interlocked.Add(ref _written, formatter(state, exception).Length);

    public void Dispose() { }
}
