using Microsoft.Extensions.Logging;

namespace Holdfast.Cli.Up;

/// <summary>Warnings and errors of the servers as one line each, without stack traces.</summary>
internal sealed class QuietLogger(Action<string> notice) : ILoggerProvider
{
    // Refusals are signals, and why a server did not start is said by whoever started it.
    private static readonly string[] SaidElsewhere = ["Holdfast.AspNetCore.VerificationReporter", "Microsoft.Extensions.Hosting.Internal.Host"];

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        new Logger(categoryName, SaidElsewhere.Contains(categoryName, StringComparer.Ordinal), notice);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Holds nothing.
    }

    private sealed class Logger(string category, bool isSaidElsewhere, Action<string> notice) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || (isSaidElsewhere))
                return;
            string message = formatter(state, null).ReplaceLineEndings(" ");
            notice($"{(logLevel == LogLevel.Warning ? "warning" : "error")}: {message}{(exception is null ? "" : $": {exception.Message.ReplaceLineEndings(" ")}")} [{category}]");
        }
    }
}
