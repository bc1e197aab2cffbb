namespace Holdfast.Registry;

/// <summary>The words of a registration, in their registered spelling (RFC 7591 §2, RFC 8705 §2).</summary>
internal static class ClientMethods
{
    public const string PrivateKeyJwt = "private_key_jwt";
    public const string TlsClientAuth = "tls_client_auth";
    public const string SelfSignedTlsClientAuth = "self_signed_tls_client_auth";
    public const string None = "none";
    public const string SecretBasic = "client_secret_basic";
    public const string SecretPost = "client_secret_post";

    public const string ClientCredentials = "client_credentials";
    public const string AuthorizationCode = "authorization_code";
    public const string RefreshToken = "refresh_token";

    public static readonly IReadOnlyList<string> All = [PrivateKeyJwt, TlsClientAuth, SelfSignedTlsClientAuth, None, SecretBasic, SecretPost];
    public static readonly IReadOnlyList<string> Grants = [ClientCredentials, AuthorizationCode, RefreshToken];
}
