using Microsoft.Extensions.Logging;

namespace Holdfast.Cli.Up;

/// <summary>Warnings and errors of the servers as one line each, without stack traces. Refusals are left out: they are signals already.</summary>
internal sealed class QuietLogger(Action<string> notice) : ILoggerProvider
{
    private const string Refusals = "Holdfast.AspNetCore.VerificationReporter";

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new Logger(categoryName, string.Equals(categoryName, Refusals, StringComparison.Ordinal), notice);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }

    private sealed class Logger(string category, bool isRefusals, Action<string> notice) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || (isRefusals && exception is null))
                return;
            string message = formatter(state, null).ReplaceLineEndings(" ");
            notice($"{(logLevel == LogLevel.Warning ? "warning" : "error")}: {message}{(exception is null ? "" : $": {exception.Message.ReplaceLineEndings(" ")}")} [{category}]");
        }
    }
}
