namespace Holdfast.Client;

/// <summary>
/// A call that could not be made, and why. An <see cref="HttpRequestException"/>, so that code around an <see cref="HttpClient"/>
/// meets it where it meets everything else. Messages never hold tokens, proofs, keys or secrets.
/// </summary>
public sealed class HoldfastClientException : HttpRequestException
{
    internal HoldfastClientException(HoldfastClientFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why.</summary>
    public HoldfastClientFailure Failure { get; }

    /// <summary>The authorization server's error code, such as <c>invalid_client</c>, where it sent one.</summary>
    public string? Error { get; internal init; }
}
