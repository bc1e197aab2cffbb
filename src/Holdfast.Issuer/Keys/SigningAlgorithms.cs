namespace Holdfast.Issuer;

/// <summary>What tokens can be signed with.</summary>
internal static class SigningAlgorithms
{
    public const string ES256 = "ES256";
    public const string PS256 = "PS256";
    public const string RS256 = "RS256";

    // AT-16, RFC 8725 §3.1: a closed list, asymmetric only. AT-25: Ed25519 would be named so; the platform cannot sign with it.
    public static readonly IReadOnlyList<string> All = [ES256, PS256, RS256];
}
