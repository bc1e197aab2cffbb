using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Holdfast.AspNetCore;

/// <summary>
/// Reads an issuer's metadata and key set. The addresses come from configuration and from the metadata alone, never from a token
/// (AT-21, AT-22). The size and time of each answer are bounded by the client.
/// </summary>
internal sealed class IssuerDocuments(Func<HttpClient> clients, string issuer, bool dangerouslyAllowHttp)
{
    /// <summary>The JWK Set. Fails with the exceptions of HTTP, JSON or <see cref="InvalidOperationException"/>.</summary>
    public async Task<string> FetchKeySetAsync(CancellationToken cancellationToken)
    {
        using HttpClient http = clients();
        OpenIdConnectConfiguration metadata = await FetchMetadataAsync(http, cancellationToken);
        if (!Uri.TryCreate(metadata.JwksUri, UriKind.Absolute, out Uri? keys) || !HttpsRule.Allows(keys, dangerouslyAllowHttp))
            throw new InvalidOperationException("The issuer's metadata has no usable jwks_uri.");
        return await http.GetStringAsync(keys, cancellationToken);
    }

    private async Task<OpenIdConnectConfiguration> FetchMetadataAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchMetadataAsync(http, AuthorizationServerMetadataUrl(issuer), cancellationToken);
        }
        catch (Exception failure) when (IsFault(failure))
        {
            return await FetchMetadataAsync(http, new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancellationToken);
        }
    }

    private async Task<OpenIdConnectConfiguration> FetchMetadataAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        OpenIdConnectConfiguration metadata = OpenIdConnectConfiguration.Create(await http.GetStringAsync(url, cancellationToken));
        // AT-50, RFC 8414 §3.3: the issuer in the document is identical to the one it was asked for; else nothing in it is used.
        return string.Equals(metadata.Issuer, issuer, StringComparison.Ordinal)
            ? metadata
            : throw new InvalidOperationException($"The metadata at {url} is that of another issuer.");
    }

    // AT-50, RFC 8414 §3.1: the well-known part goes between host and path.
    internal static Uri AuthorizationServerMetadataUrl(string issuer)
    {
        var uri = new Uri(issuer);
        return new(uri.GetLeftPart(UriPartial.Authority) + "/.well-known/oauth-authorization-server" + uri.AbsolutePath.TrimEnd('/'));
    }

    /// <summary>What an unreachable, slow or confused issuer looks like.</summary>
    public static bool IsFault(Exception failure) =>
        failure is HttpRequestException or OperationCanceledException or IOException or System.Text.Json.JsonException or ArgumentException
            or InvalidOperationException or FormatException or NotSupportedException;
}
