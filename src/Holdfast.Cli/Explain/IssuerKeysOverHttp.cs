using Holdfast.AspNetCore;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>Fetches the published keys of an issuer, once, as an API does.</summary>
internal static class IssuerKeysOverHttp
{
    private const int MaxDocument = 512 * 1024;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The JWK Set as JSON.</summary>
    public static async Task<string> FetchAsync(string issuer, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url) || !HttpsRule.Allows(url, dangerouslyAllowHttp: false))
            throw new CliException($"The issuer '{issuer}' is not an https URL (http is for this machine only).");
        var documents = new IssuerDocuments(NewClient, issuer, dangerouslyAllowHttp: false);
        try
        {
            return await documents.FetchKeySetAsync(cancellationToken);
        }
        catch (Exception failure) when (IssuerDocuments.IsFault(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"The keys of {issuer} cannot be fetched ({failure.Message.TrimEnd('.')}); give them with --jwks FILE.", failure);
        }
    }

    private static HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout, MaxResponseContentBufferSize = MaxDocument };
}
