namespace Holdfast.Issuer;

/// <summary>The keys that sign tokens: how they are made, replaced and kept.</summary>
public sealed class IssuerKeyOptions
{
    /// <summary>
    /// What new keys sign with: <c>ES256</c> (the default), <c>PS256</c>, or <c>RS256</c> for APIs that know nothing else; that is not possible under the profile
    /// <c>fapi2</c>. A change takes effect with the next key.
    /// </summary>
    public string Algorithm { get; set; } = SigningAlgorithms.ES256;

    /// <summary>How long a key signs until the next one does: 1 to 90 days, 30 days by default (LIFE-16).</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long before a scheduled rotation the next key is made and published: 1 day by default, at most half of <see cref="RotationInterval"/>.</summary>
    public TimeSpan StagingPeriod { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a key is published before it signs (LIFE-04): as long as any verifier keeps the keys without looking again. 10 minutes to
    /// <see cref="StagingPeriod"/>, 1 hour by default. It bounds how soon a rotation by hand takes effect; an emergency waits for nothing.
    /// </summary>
    public TimeSpan PublishBeforeUse { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// The directory with the key ring of ASP.NET Core Data Protection that encrypts private keys in the database; <c>key-ring</c> in the data directory by default.
    /// Made for its owner alone. All nodes of an issuer share it. Back it up, and not together with the database: neither is worth anything without the other.
    /// </summary>
    public string? KeyRingDirectory { get; set; }

    /// <summary>
    /// PEM files, each of an RSA certificate and its private key, that the key ring itself is encrypted with: the first encrypts, all decrypt. Empty by default: then whoever reads
    /// the directory and the database has the keys.
    /// </summary>
    public IList<string> KeyRingCertificateFiles { get; set; } = [];

    /// <summary>
    /// Keys in hardware, in the order they are to be used. Where there are any, the issuer makes none itself: a rotation takes the next one that was never used.
    /// </summary>
    public IList<ExternalIssuerKeyOptions> External { get; set; } = [];

    /// <summary>
    /// Revokes a signing key that cannot be decrypted at start and makes a new one. For the one start after a key ring was lost; default false: a node with a wrong
    /// directory would end the key of all.
    /// </summary>
    public bool DangerouslyReplaceLostKeys { get; set; }
}
