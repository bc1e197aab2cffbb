namespace Holdfast.AspNetCore;

/// <summary>How issuers' documents are fetched: bounded in time and size, without redirects and cookies.</summary>
internal static class IssuerClient
{
    private const int MaxDocument = 512 * 1024;

    public static void Configure(HttpClient client)
    {
        client.Timeout = TimeSpan.FromSeconds(5);
        client.MaxResponseContentBufferSize = MaxDocument;
        client.DefaultRequestHeaders.Add("Accept", "application/json, application/jwk-set+json");
    }

    public static HttpMessageHandler CreateHandler() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
}
