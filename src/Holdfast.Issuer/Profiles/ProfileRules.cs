using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>What a profile demands beyond the rules for everybody: in one place, asked wherever something is decided.</summary>
internal static class ProfileRules
{
    /// <summary>The one that is in force where an issuer and a client have one each.</summary>
    public static SecurityProfile Stricter(SecurityProfile issuer, SecurityProfile? client) => client is { } own && own > issuer ? own : issuer;

    // FAPI-13, FAPI 2.0 §5.3.2.2: what was not pushed by an authenticated client is refused.
    /// <summary>Whether authorization requests are pushed, or refused.</summary>
    public static bool RequiresPushing(SecurityProfile profile) => profile == SecurityProfile.Fapi2;

    // FAPI-05, FAPI 2.0 §5.3.2.1: refresh tokens do not rotate; the client's authentication and the binding of access tokens protect them.
    /// <summary>Whether a refresh token is replaced when it is used (RFC 9700 §2.2.2).</summary>
    public static bool RotatesRefreshTokens(IssuerClient client) => client.Profile != SecurityProfile.Fapi2 && client.IsPublic;
}
