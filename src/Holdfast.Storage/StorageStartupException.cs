namespace Holdfast.Storage;

/// <summary>The database cannot be used as it is. The message is for the operator: what is wrong, with which database, and what mends it.</summary>
public sealed class StorageStartupException : Exception
{
    /// <summary>With a message.</summary>
    public StorageStartupException(string message) : base(message) { }

    /// <summary>With a message and what brought it about.</summary>
    public StorageStartupException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Without a message.</summary>
    public StorageStartupException() { }
}
