namespace Holdfast.Issuer;

/// <summary>
/// The client authentication methods that are implemented, in their registered spelling (RFC 7591 §2, OpenID Connect Core §9, RFC 8705 §2).
/// </summary>
public static class ClientAuthenticationMethods
{
    /// <summary>A JWT signed with the client's key (RFC 7523 §2.2).</summary>
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>A shared secret in the <c>Authorization</c> field (RFC 6749 §2.3.1).</summary>
    public const string ClientSecretBasic = "client_secret_basic";

    /// <summary>A shared secret among the parameters (RFC 6749 §2.3.1).</summary>
    public const string ClientSecretPost = "client_secret_post";

    // MTLS-05, RFC 8705 §2.1.1, §2.2.1: the names of the two methods.

    /// <summary>A certificate of a trusted authority that bears the client's registered name (RFC 8705 §2.1).</summary>
    public const string TlsClientAuth = "tls_client_auth";

    /// <summary>A certificate that is registered itself, whoever issued it (RFC 8705 §2.2).</summary>
    public const string SelfSignedTlsClientAuth = "self_signed_tls_client_auth";

    /// <summary>Nothing: a public client (RFC 6749 §2.1), such as a program in a browser or on a phone.</summary>
    public const string None = "none";

    /// <summary>True for the two methods that need a secret the issuer knows as well.</summary>
    internal static bool IsBySecret(string method) => method is ClientSecretBasic or ClientSecretPost;

    /// <summary>True for the two methods that authenticate by certificate.</summary>
    internal static bool IsByCertificate(string method) => method is TlsClientAuth or SelfSignedTlsClientAuth;
}
