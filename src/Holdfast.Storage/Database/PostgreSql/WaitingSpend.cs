using System.Diagnostics;
using Holdfast.Issuer;

namespace Holdfast.Storage;

/// <summary>A spending that waits to be sent.</summary>
internal sealed class WaitingSpend(Spending spending, CancellationToken cancellationToken)
{
    private readonly TaskCompletionSource<StoreAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _since = Stopwatch.GetTimestamp();

    public Spending Spending => spending;

    /// <summary>What it is known by; null without an assertion.</summary>
    public byte[]? Key { get; } = spending.Assertion is { } assertion ? Admission.KeyOf(assertion) : null;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_since);

    public bool IsWanted => !cancellationToken.IsCancellationRequested;

    public Task<StoreAnswer> Task => _answer.Task;

    public void Answer(StoreAnswer answer) => _answer.TrySetResult(answer);

    public void Fail(Exception fault) => _answer.TrySetException(fault);
}
