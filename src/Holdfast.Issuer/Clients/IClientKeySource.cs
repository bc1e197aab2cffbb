namespace Holdfast.Issuer;

/// <summary>Where a client's keys come from: from the settings, or from where the client publishes them.</summary>
internal interface IClientKeySource
{
    /// <summary>The keys; null where they cannot be had.</summary>
    ValueTask<ClientKeySet?> GetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Keys newer than <paramref name="known"/>, in which something was not found; the same where there are none, and null where that cannot be
    /// told.
    /// </summary>
    ValueTask<ClientKeySet?> GetNewerAsync(ClientKeySet known, CancellationToken cancellationToken);
}

/// <summary>Keys that change with the settings only.</summary>
internal sealed class FixedClientKeys(ClientKeySet keys) : IClientKeySource
{
    public ValueTask<ClientKeySet?> GetAsync(CancellationToken cancellationToken) => new(keys);

    public ValueTask<ClientKeySet?> GetNewerAsync(ClientKeySet known, CancellationToken cancellationToken) => new(keys);
}
