namespace Holdfast.Testing;

/// <summary>How a server ends.</summary>
public enum PostgresStop
{
    /// <summary>Connections are ended, everything is written: unlogged tables keep their rows.</summary>
    Fast,

    /// <summary>As in a crash: the next start recovers, and unlogged tables are empty.</summary>
    Immediate,
}
