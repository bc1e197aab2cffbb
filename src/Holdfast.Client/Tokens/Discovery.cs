using System.Net;
using System.Text.Json;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Tokens;

/// <summary>Finds and keeps the server's metadata for an hour (RFC 8414 §3). What was read stays in use while the server cannot be asked.</summary>
internal sealed class Discovery(ClientConfig config, IHttpClientFactory clients, TimeProvider time)
{
    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private ServerMetadata? _current;
    private long _read;
    private bool _stale;

    /// <summary>Not for concurrent use: called within the single flight.</summary>
    public async Task<ServerMetadata> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is not null && !_stale && time.GetElapsedTime(_read) < Age)
            return _current;
        try
        {
            _current = await ReadAsync(cancellationToken).ConfigureAwait(false);
            (_read, _stale) = (time.GetTimestamp(), false);
        }
        catch (HoldfastClientException exception) when (_current is not null && exception.Failure == HoldfastClientFailure.DiscoveryFailed)
        {
            // The token endpoint has the last word.
        }
        return _current!;
    }

    /// <summary>The token endpoint may not be where it was: ask again next time.</summary>
    public void Distrust() => _stale = true;

    private async Task<ServerMetadata> ReadAsync(CancellationToken cancellationToken)
    {
        var issuer = new Uri(config.Issuer);
        string origin = issuer.GetLeftPart(UriPartial.Authority);
        string path = issuer.AbsolutePath.TrimEnd('/');
        // AT-50, RFC 8414 §3: between host and path. OpenID Connect Discovery §4 appends instead; asked only where the first is absent.
        return await TryReadAsync($"{origin}/.well-known/oauth-authorization-server{path}", cancellationToken).ConfigureAwait(false)
            ?? await TryReadAsync($"{origin}{path}/.well-known/openid-configuration", cancellationToken).ConfigureAwait(false)
            ?? throw Failed("it publishes none at the well-known addresses");
    }

    private async Task<ServerMetadata?> TryReadAsync(string url, CancellationToken cancellationToken)
    {
        try
        {
            using HttpClient client = clients.CreateClient(HoldfastClientDefaults.BackchannelName);
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.Accept.ParseAdd("application/json");
            using HttpResponseMessage response = await client
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.MethodNotAllowed)
                return null;
            if (response.StatusCode != HttpStatusCode.OK)
                throw Failed($"{url} answered {(int)response.StatusCode}");
            using JsonDocument? document = await JsonText.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
            return document is null ? throw Failed($"{url} did not answer with JSON of a reasonable size") : ServerMetadata.Parse(document.RootElement, config);
        }
        catch (Exception exception) when (exception is HttpRequestException and not HoldfastClientException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Failed("it does not answer", exception);
        }
    }

    private HoldfastClientException Failed(string why, Exception? inner = null) =>
        new(HoldfastClientFailure.DiscoveryFailed, $"The metadata of {config.Issuer} cannot be read: {why}.", inner);
}
