namespace Holdfast.Storage;

/// <summary>Thumbprints from their stored text. One that cannot be read is a fault: null would mean that nothing is bound.</summary>
internal static class StoredThumbprint
{
    public static JwkThumbprint? Jkt(string? stored) =>
        stored is null ? null : JwkThumbprint.TryParse(stored, out JwkThumbprint jkt) ? jkt : throw new InvalidDataException("A stored jkt is none.");

    public static CertificateThumbprint? X5t(string? stored) =>
        stored is null ? null : CertificateThumbprint.TryParse(stored, out CertificateThumbprint x5t) ? x5t : throw new InvalidDataException("A stored x5t#S256 is none.");
}
