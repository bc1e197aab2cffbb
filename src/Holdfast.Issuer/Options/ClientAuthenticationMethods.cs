namespace Holdfast.Issuer;

/// <summary>The client authentication methods that are implemented, in their registered spelling (RFC 7591 §2, OpenID Connect Core §9).</summary>
public static class ClientAuthenticationMethods
{
    /// <summary>A JWT signed with the client's key (RFC 7523 §2.2).</summary>
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>A shared secret in the <c>Authorization</c> field (RFC 6749 §2.3.1).</summary>
    public const string ClientSecretBasic = "client_secret_basic";
}
