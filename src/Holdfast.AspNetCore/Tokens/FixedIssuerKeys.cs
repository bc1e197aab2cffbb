namespace Holdfast.AspNetCore;

/// <summary>Keys that never change, such as those of a key set in a file.</summary>
public sealed class FixedIssuerKeys(IssuerKeySet keys) : IIssuerKeySource
{
    /// <inheritdoc/>
    public ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken) => new(keys);

    /// <inheritdoc/>
    public ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken) => new(keys);
}
