using System.Text.Json;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>Fetches the published keys of an issuer, once (RFC 8414 §3).</summary>
internal static class IssuerKeysOverHttp
{
    private const int MaxDocument = 512 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The JWK Set as JSON.</summary>
    public static async Task<string> FetchAsync(string issuer, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https"))
            throw new CliException($"The issuer '{issuer}' is not an http or https URL.");
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout, MaxResponseContentBufferSize = MaxDocument };
        try
        {
            var metadataUrl = new Uri(url.GetLeftPart(UriPartial.Authority) + "/.well-known/oauth-authorization-server" + url.AbsolutePath.TrimEnd('/'));
            using JsonDocument metadata = JsonDocument.Parse(await http.GetStringAsync(metadataUrl, cancellationToken));
            // AT-50, RFC 8414 §3.3: metadata of another issuer is not used.
            if (!string.Equals(metadata.RootElement.GetProperty("issuer").GetString(), issuer, StringComparison.Ordinal))
                throw new CliException($"{metadataUrl} is the metadata of another issuer.");
            return await http.GetStringAsync(new Uri(metadata.RootElement.GetProperty("jwks_uri").GetString()!), cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or KeyNotFoundException or UriFormatException or ArgumentException
            or InvalidOperationException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"The keys of {issuer} cannot be fetched ({failure.Message.TrimEnd('.')}); give them with --jwks FILE.", failure);
        }
    }
}
