using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests;

/// <summary>Keeps every log line of the product and every signal.</summary>
public sealed class Recorder : ILoggerProvider, ILogger, IVerificationObserver
{
    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = [];
    public ConcurrentQueue<VerificationSignal> Signals { get; } = [];

    /// <summary>The failure of the only signal.</summary>
    public VerificationFailure Failure => Signals.ShouldHaveSingleItem().Failure.Failure;

    public void Observed(VerificationSignal signal) => Signals.Enqueue(signal);

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Holdfast", StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose() { }
}
