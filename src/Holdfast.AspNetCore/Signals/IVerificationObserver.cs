namespace Holdfast.AspNetCore;

/// <summary>
/// Hears of every refusal, once. Register any number of them as singletons. Called on the request's own path: be quick, and queue
/// what takes time. Exceptions are caught and logged.
/// </summary>
public interface IVerificationObserver
{
    /// <summary>A request was refused, or would have been.</summary>
    void Observed(VerificationSignal signal);
}
