namespace Holdfast.Cli.Output;

/// <summary>What a command says to scripts.</summary>
internal static class ExitCodes
{
    /// <summary>Done, and the answer is yes.</summary>
    public const int Ok = 0;

    /// <summary>Done, and the answer is no: refused, not accepted, an attack got in.</summary>
    public const int Failed = 1;

    /// <summary>Could not be tried: usage, configuration, environment.</summary>
    public const int Unable = 2;

    /// <summary>Done, and something would change: a dry run of <c>apply</c>.</summary>
    public const int WouldChange = 3;
}
