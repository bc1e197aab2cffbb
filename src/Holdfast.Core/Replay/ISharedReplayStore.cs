namespace Holdfast;

/// <summary>A store whose records several nodes share. It may be out of reach for a while; what a check is answered then is the store's to say.</summary>
public interface ISharedReplayStore : IReplayStore
{
    /// <summary>Why it cannot be asked now, in words for the operator and without secrets; <see langword="null"/> where it can.</summary>
    string? WhyNotReady { get; }
}
