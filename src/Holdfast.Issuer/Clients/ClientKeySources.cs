using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>The source of each client's keys, made once.</summary>
internal sealed class ClientKeySources
{
    private readonly Dictionary<string, IClientKeySource> _sources = new(StringComparer.Ordinal);

    public ClientKeySources(IssuerConfig config, IHttpClientFactory clients, TimeProvider timeProvider, ILogger<ClientKeySources> logger)
    {
        foreach (IssuerClient client in config.Clients.Values)
        {
            if (client.Keys is { } keys)
                _sources[client.ClientId] = new FixedClientKeys(keys);
            else if (client.JwksUri is { } uri)
                _sources[client.ClientId] = new PublishedClientKeys(client, cancellationToken => FetchAsync(clients, uri, cancellationToken), config.AssertionAlgorithms, timeProvider, logger);
        }
    }

    /// <summary>The keys of a client that authenticates by one.</summary>
    public IClientKeySource Of(IssuerClient client) => _sources[client.ClientId];

    private static async Task<string> FetchAsync(IHttpClientFactory clients, Uri uri, CancellationToken cancellationToken)
    {
        using HttpClient http = clients.CreateClient(HoldfastIssuerDefaults.ClientKeysHttpClient);
        return await http.GetStringAsync(uri, cancellationToken);
    }
}
