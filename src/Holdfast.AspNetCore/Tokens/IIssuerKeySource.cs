namespace Holdfast.AspNetCore;

/// <summary>Where an issuer's published keys come from: its own documents, or a key set that someone already has.</summary>
public interface IIssuerKeySource
{
    /// <summary>The keys known now, or null where none were ever obtained, or too many requests wait for the first ones already.</summary>
    ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken);

    /// <summary>The keys after a token named a key that <paramref name="known"/> lacks; <paramref name="known"/> itself where nothing newer can be had; null
    /// where that cannot be told now, because too many requests wait for the answer already.</summary>
    ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken);
}
