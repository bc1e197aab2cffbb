using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Issuer;

/// <summary>The names in a certificate that a client can be registered by: subject, and subject alternative names (RFC 5280 §4.2.1.6).</summary>
internal sealed class CertificateNames
{
    private const string SubjectAlternativeName = "2.5.29.17";

    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UniformResourceIdentifier = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IPAddress = new(TagClass.ContextSpecific, 7);

    private readonly List<string> _dns = [];
    private readonly List<string> _uris = [];
    private readonly List<string> _emails = [];
    private readonly List<byte[]> _addresses = [];

    private CertificateNames(DistinguishedName subject) => Subject = subject;

    public DistinguishedName Subject { get; }
    public IReadOnlyList<string> Dns => _dns;
    public IReadOnlyList<string> Uris => _uris;
    public IReadOnlyList<string> Emails => _emails;

    /// <summary>Four octets, or sixteen.</summary>
    public IReadOnlyList<byte[]> Addresses => _addresses;

    /// <summary>The names, or null where subject or alternative names are broken: then nothing in the certificate is a name.</summary>
    public static CertificateNames? TryRead(X509Certificate2 certificate)
    {
        if (DistinguishedName.TryRead(certificate.SubjectName.RawData) is not { } subject)
            return null;
        var names = new CertificateNames(subject);
        X509Extension[] extensions = [.. certificate.Extensions.Where(extension => extension.Oid?.Value == SubjectAlternativeName)];
        try
        {
            // RFC 5280 §4.2: an extension occurs once.
            if (extensions.Length > 1)
                return null;
            if (extensions.Length == 1)
                names.Add(extensions[0].RawData);
            return names;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // MTLS-44, RFC 8705 §7.5: each name whole, with its length from the encoding, so that a NUL in it is a character like others and ends nothing;
    // octets beyond ASCII are no name at all.
    private void Add(byte[] extension)
    {
        var reader = new AsnReader(extension, AsnEncodingRules.DER);
        AsnReader names = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        while (names.HasData)
        {
            Asn1Tag tag = names.PeekTag();
            if (tag.HasSameClassAndValue(DnsName))
                _dns.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag.HasSameClassAndValue(UniformResourceIdentifier))
                _uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag.HasSameClassAndValue(Rfc822Name))
                _emails.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            else if (tag.HasSameClassAndValue(IPAddress))
                _addresses.Add(names.ReadOctetString(tag));
            else
                names.ReadEncodedValue();
        }
    }
}
