namespace Holdfast.Issuer;

/// <summary>Names that the issuer uses.</summary>
public static class HoldfastIssuerDefaults
{
    /// <summary>
    /// The named <see cref="HttpClient"/> that fetches clients' <c>jwks_uri</c>. To trust a private root, change its handler, a
    /// <see cref="SocketsHttpHandler"/>, with <c>ConfigurePrimaryHttpMessageHandler((handler, services) => …)</c>; one put in its place would not
    /// refuse internal addresses.
    /// </summary>
    public const string ClientKeysHttpClient = "Holdfast.Issuer.ClientKeys";
}
