namespace Holdfast.Issuer;

/// <summary>The issuer cannot start. The message is one sentence for the operator: what is wrong, with which file, and what mends it.</summary>
public sealed class IssuerStartupException : Exception
{
    /// <summary>With a message.</summary>
    public IssuerStartupException(string message) : base(message) { }

    /// <summary>With a message and what brought it about.</summary>
    public IssuerStartupException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Without a message.</summary>
    public IssuerStartupException() { }
}
