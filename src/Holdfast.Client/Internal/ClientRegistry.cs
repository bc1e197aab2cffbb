using System.Collections.Concurrent;
using Holdfast.Client.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.Client.Internal;

/// <summary>The clients of this host by name, made on first use.</summary>
internal sealed class ClientRegistry(
    IOptionsMonitor<HoldfastClientOptions> options, IHttpClientFactory clients, TimeProvider time, ILoggerFactory loggers) : IHoldfastTokens, IDisposable
{
    private readonly ConcurrentDictionary<string, ClientRuntime> _runtimes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<JwkThumbprint, string> _issuersByKey = new();
    private readonly Lock _lock = new();

    /// <summary>The client of that name.</summary>
    /// <exception cref="OptionsValidationException">The settings are wrong; all problems are in it.</exception>
    public ClientRuntime Get(string clientName)
    {
        if (_runtimes.TryGetValue(clientName, out ClientRuntime? runtime))
            return runtime;
        // One runtime a name, and nothing kept of an attempt that failed.
        lock (_lock)
        {
            return _runtimes.GetOrAdd(clientName, name =>
                new(new(name, options.Get(name)), clients, time, _issuersByKey, loggers.CreateLogger("Holdfast.Client")));
        }
    }

    public async ValueTask<HoldfastToken> GetTokenAsync(string clientName, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(clientName);
        TokenSource tokens = await Get(clientName).Tokens.CurrentAsync(cancellationToken).ConfigureAwait(false);
        return (await tokens.GetAsync(cancellationToken).ConfigureAwait(false)).Token;
    }

    public void Dispose()
    {
        // Called twice by a container that knows the registry under two types.
        foreach (string name in _runtimes.Keys)
        {
            if (_runtimes.TryRemove(name, out ClientRuntime? runtime))
                runtime.Dispose();
        }
    }
}
