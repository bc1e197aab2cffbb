using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>The source of each client's keys, made once, and kept for as long as the client stays as it is registered.</summary>
internal sealed class ClientKeySources(IssuerConfig config, IHttpClientFactory clients, TimeProvider timeProvider, ILogger<ClientKeySources> logger)
{
    private readonly ConditionalWeakTable<IssuerClient, IClientKeySource> _sources = [];

    /// <summary>The keys of a client that authenticates by one.</summary>
    public IClientKeySource Of(IssuerClient client) => _sources.GetValue(client, Create);

    private IClientKeySource Create(IssuerClient client) => client switch
    {
        { Keys: { } keys } => new FixedClientKeys(keys),
        { JwksUri: { } uri } => new PublishedClientKeys(client, cancellationToken => FetchAsync(uri, cancellationToken), config.AssertionAlgorithms, timeProvider, logger),
        _ => new FixedClientKeys(new ClientKeySet([], [])),
    };

    private async Task<string> FetchAsync(Uri uri, CancellationToken cancellationToken)
    {
        using HttpClient http = clients.CreateClient(HoldfastIssuerDefaults.ClientKeysHttpClient);
        return await http.GetStringAsync(uri, cancellationToken);
    }
}
