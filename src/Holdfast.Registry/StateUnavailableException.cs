namespace Holdfast.Registry;

/// <summary>
/// The database does not answer, or not in time: nothing is known to be written. Whoever serves requests refuses with 503 and <c>Retry-After</c>; it comes
/// back by itself.
/// </summary>
public sealed class StateUnavailableException : Exception
{
    /// <summary>Made by the store alone.</summary>
    public StateUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Without a reason.</summary>
    public StateUnavailableException()
        : this("The database does not answer.")
    {
    }

    /// <summary>With a reason.</summary>
    public StateUnavailableException(string message)
        : this(message, null)
    {
    }
}
