using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>
/// A certificate authority for one data directory, on this machine alone. Its certificate and those it issues are renewed by a start that
/// finds them near their end; keys stay.
/// </summary>
internal sealed class DevelopmentAuthority : IDisposable
{
    public const string Name = "ca";

    private static readonly TimeSpan OwnLifetime = TimeSpan.FromDays(3650);

    // A little over a year: browsers and Apple's clients take no longer one.
    private static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(397);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    // A clock that is a little behind must not find it from the future.
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);

    private readonly DataDirectory _directory;
    private readonly DateTimeOffset _now;
    private readonly X509Certificate2 _certificate;

    private DevelopmentAuthority(DataDirectory directory, DateTimeOffset now)
    {
        (_directory, _now) = (directory, now);
        var file = new CertificateFile(directory, Name);
        CertificatePath = file.CertificatePath;
        // Renewed so early that no leaf outlives it.
        _certificate = file.LoadOrIssue(
            stored => IsAuthority(stored) && IsValid(stored, LeafLifetime),
            key => CertificateProfiles.Authority(key).CreateSelfSigned(now - Backdate, now + OwnLifetime));
    }

    /// <summary>The path of its certificate, which its callers trust.</summary>
    public string CertificatePath { get; }

    /// <summary>The authority of this directory; made on the first start.</summary>
    public static DevelopmentAuthority LoadOrCreate(DataDirectory directory, DateTimeOffset now) => new(directory, now);

    /// <summary>A certificate of this authority with its key, in files of that name; issued on the first start.</summary>
    public X509Certificate2 LoadOrIssue(string name, Func<ECDsa, CertificateRequest> profile, out CertificateFile file)
    {
        file = new CertificateFile(_directory, name);
        return file.LoadOrIssue(stored => IsValid(stored, RenewBefore) && HasIssued(stored), key => Issue(profile(key)));
    }

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private X509Certificate2 Issue(CertificateRequest request)
    {
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            _certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        // RFC 5280 §4.1.2.2: positive, and unique for the authority.
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        return request.Create(_certificate, _now - Backdate, _now + LeafLifetime, serial);
    }

    // What another authority has issued is of no use here: the directory's own one was made anew.
    private bool HasIssued(X509Certificate2 leaf)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_certificate);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _now.UtcDateTime;
        return chain.Build(leaf);
    }

    private bool IsValid(X509Certificate2 certificate, TimeSpan rest) =>
        certificate.NotBefore.ToUniversalTime() <= _now.UtcDateTime && certificate.NotAfter.ToUniversalTime() - rest > _now.UtcDateTime;

    private static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
