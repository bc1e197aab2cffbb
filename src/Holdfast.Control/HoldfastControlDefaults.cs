namespace Holdfast.Control;

/// <summary>Names that the admin API uses.</summary>
public static class HoldfastControlDefaults
{
    /// <summary>The authentication scheme, and the policy of reads is <c>.Read</c>, that of changes <c>.Change</c> after it.</summary>
    public const string AuthenticationScheme = "Holdfast.Control";

    /// <summary>The scope that may change and read everything.</summary>
    public const string AdminScope = "holdfast.admin";

    /// <summary>The scope that may read.</summary>
    public const string ReadScope = "holdfast.admin.read";

    internal const string ReadPolicy = AuthenticationScheme + ".Read";
    internal const string ChangePolicy = AuthenticationScheme + ".Change";
}
