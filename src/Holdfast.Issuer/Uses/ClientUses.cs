using System.Collections.Concurrent;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// Notes in memory what each client was last used for, and hands it to the registry from time to time. A request only replaces its client's note; where there are
/// more clients than room, what was noted first stays and the rest is noted after the next writing.
/// </summary>
internal sealed class ClientUses(IRegistryStore store, TimeProvider timeProvider)
{
    internal const int MaxClients = 100_000;

    private readonly ConcurrentDictionary<string, ClientUse> _noted = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>A token was issued.</summary>
    public void Note(ClientRequest request, string grantType, TokenContent content)
    {
        var use = new ClientUse(content.ClientId, timeProvider.GetUtcNow(), grantType, content.Audience, BindingOf(content.Confirmation), request.Http.Connection.RemoteIpAddress?.ToString());
        if (_noted.ContainsKey(use.ClientId))
            _noted[use.ClientId] = use;
        else if (Volatile.Read(ref _count) < MaxClients && _noted.TryAdd(use.ClientId, use))
            Interlocked.Increment(ref _count);
    }

    /// <summary>Writes what was noted since. What could not be written stays noted.</summary>
    /// <exception cref="StateUnavailableException">The database does not answer.</exception>
    public async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        ClientUse[] uses = [.. _noted.Values];
        if (uses.Length == 0)
            return;
        await store.WriteUsesAsync(uses, cancellationToken);
        // A newer note of the same client stays.
        foreach (ClientUse use in uses)
            _noted.TryRemove(new(use.ClientId, use));
        Volatile.Write(ref _count, _noted.Count);
    }

    private static string BindingOf(Confirmation confirmation) => (confirmation.Jkt is not null, confirmation.X5tS256 is not null) switch
    {
        (true, true) => "dpop+certificate",
        (true, false) => "dpop",
        (false, true) => "certificate",
        (false, false) => "none",
    };
}
