namespace Holdfast.Conformance;

/// <summary>
/// The drill could not be held: nothing answers, the client gets no token, or its honest call is refused. Says nothing about attacks; the
/// message is one sentence for a person.
/// </summary>
public sealed class DrillFailedException : Exception
{
    /// <summary>Without a reason.</summary>
    public DrillFailedException()
    {
    }

    /// <summary>With the reason.</summary>
    public DrillFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public DrillFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
