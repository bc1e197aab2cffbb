namespace Holdfast.AspNetCore;

/// <summary>Where an issuer's published keys come from: its own documents, or a key set that someone already has.</summary>
public interface IIssuerKeySource
{
    /// <summary>The keys known now, or null where none were ever obtained.</summary>
    ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken);

    /// <summary>The keys after a token named a key that <paramref name="known"/> lacks; <paramref name="known"/> itself where nothing newer can be had.</summary>
    ValueTask<IssuerKeySet> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken);
}
