namespace Holdfast.Guard;

/// <summary>The guard cannot start. The message is one sentence for the operator: what is wrong, with which file, and what mends it.</summary>
public sealed class GuardStartupException : Exception
{
    /// <summary>With a message.</summary>
    public GuardStartupException(string message) : base(message) { }

    /// <summary>With a message and what brought it about.</summary>
    public GuardStartupException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Without a message.</summary>
    public GuardStartupException() { }
}
