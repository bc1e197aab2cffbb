using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>A certificate authority that issues whatever it is asked for, well-formed or not, around the time of the manual clock.</summary>
public sealed class TestAuthority
{
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TestAuthority(string name, TestAuthority? issuer, Action<CertificateRequest>? change, DateTimeOffset? now)
    {
        Now = now ?? new ManualTimeProvider().UtcNow;
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        change?.Invoke(request);
        Certificate = (issuer ?? this).Sign(request, request.SubjectName, issuer?.Certificate.SubjectName, Now.AddYears(-1), Now.AddYears(10));
    }

    public DateTimeOffset Now { get; }
    public X509Certificate2 Certificate { get; }
    public string Pem => Certificate.ExportCertificatePem();
    public ECDsa Key => _key;

    public static TestAuthority Root(string name = "CN=Root,O=Holdfast tests", Action<CertificateRequest>? change = null, DateTimeOffset? now = null) =>
        new(name, null, change, now);

    public TestAuthority Intermediate(string name = "CN=Intermediate,O=Holdfast tests", Action<CertificateRequest>? change = null) => new(name, this, change, Now);

    /// <summary>A client's certificate, with its key.</summary>
    public X509Certificate2 Issue(string subject = "CN=orders", Action<SubjectAlternativeNameBuilder>? names = null, string? usage = ClientUsage,
        Action<CertificateRequest>? change = null, TimeSpan? from = null, TimeSpan? until = null) =>
        Issue(new X500DistinguishedName(subject), names, usage, change, from, until);

    public X509Certificate2 Issue(X500DistinguishedName subject, Action<SubjectAlternativeNameBuilder>? names = null, string? usage = ClientUsage,
        Action<CertificateRequest>? change = null, TimeSpan? from = null, TimeSpan? until = null)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = Request(subject, key, names, usage, change);
        using X509Certificate2 certificate = Sign(request, subject, Certificate.SubjectName, Now + (from ?? TimeSpan.FromDays(-1)), Now + (until ?? TimeSpan.FromDays(30)));
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate that nobody vouches for.</summary>
    public static X509Certificate2 SelfSigned(string subject = "CN=orders", Action<CertificateRequest>? change = null, TimeSpan? from = null, TimeSpan? until = null,
        DateTimeOffset? now = null, AsymmetricAlgorithm? key = null)
    {
        key ??= ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset start = now ?? new ManualTimeProvider().UtcNow;
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject, (ECDsa)key, HashAlgorithmName.SHA256);
        change?.Invoke(request);
        return request.CreateSelfSigned(start + (from ?? TimeSpan.FromDays(-1)), start + (until ?? TimeSpan.FromDays(30)));
    }

    /// <summary>A name encoded attribute by attribute: relative names in the order of the encoding.</summary>
    public static X500DistinguishedName Name(params (string Oid, UniversalTagNumber Kind, string Value)[][] relativeNames)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach ((string Oid, UniversalTagNumber Kind, string Value)[] set in relativeNames)
            {
                using (writer.PushSetOf())
                {
                    foreach ((string oid, UniversalTagNumber kind, string value) in set)
                    {
                        using (writer.PushSequence())
                        {
                            writer.WriteObjectIdentifier(oid);
                            writer.WriteCharacterString(kind, value);
                        }
                    }
                }
            }
        }
        return new X500DistinguishedName(writer.Encode());
    }

    /// <summary>Subject alternative names octet by octet: the number of the context tag, and what stands in it.</summary>
    public static X509Extension Names(params (int Tag, byte[] Value)[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach ((int tag, byte[] value) in names)
                writer.WriteOctetString(value, new Asn1Tag(TagClass.ContextSpecific, tag));
        }
        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }

    private static CertificateRequest Request(X500DistinguishedName subject, ECDsa key, Action<SubjectAlternativeNameBuilder>? names, string? usage, Action<CertificateRequest>? change)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        if (usage is not null)
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null)
        {
            var builder = new SubjectAlternativeNameBuilder();
            names(builder);
            request.CertificateExtensions.Add(builder.Build());
        }
        change?.Invoke(request);
        return request;
    }

    private X509Certificate2 Sign(CertificateRequest request, X500DistinguishedName subject, X500DistinguishedName? issuer, DateTimeOffset from, DateTimeOffset until) =>
        request.Create(issuer ?? subject, X509SignatureGenerator.CreateForECDsa(_key), from, until, RandomNumberGenerator.GetBytes(16).Select((b, i) => i == 0 ? (byte)(b & 0x3F | 0x40) : b).ToArray());
}
