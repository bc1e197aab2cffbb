using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Core.Tests;

public class ClientCertificateTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly byte[] _der = TestCertificate.Der(Start, Start.AddDays(1));

    // MTLS-20
    [Fact]
    public void Hashes_the_octets_as_they_came()
    {
        ClientCertificate certificate = ClientCertificate.TryRead(_der)!;
        certificate.Thumbprint.ToString().ShouldBe(System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(_der)));
        certificate.Thumbprint.ToString().Length.ShouldBe(43);
        (certificate.NotBefore, certificate.NotAfter).ShouldBe((Start, Start.AddDays(1)));
    }

    // FWD-41
    [Fact]
    public void Reads_one_certificate_and_nothing_behind_it()
    {
        ClientCertificate.TryRead((byte[])[.. _der, 0]).ShouldBeNull();
        ClientCertificate.TryRead((byte[])[.. _der, .. _der]).ShouldBeNull();
        ClientCertificate.TryRead(_der.AsMemory(0, _der.Length - 1)).ShouldBeNull();
        ClientCertificate.TryRead(Array.Empty<byte>()).ShouldBeNull();
        ClientCertificate.TryRead(new byte[] { 0x30, 0 }).ShouldBeNull();
        ClientCertificate.TryRead(System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", _der))).ShouldBeNull();
        ClientCertificate.TryRead(new byte[ClientCertificate.MaxLength + 1]).ShouldBeNull();
    }

    // MTLS-20
    [Theory]
    [InlineData("")]
    [InlineData("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuF")]
    [InlineData("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")]
    public void Reads_thumbprints_strictly(string text) => CertificateThumbprint.TryParse(text, out _).ShouldBeFalse();

    // MTLS-44: the TLS layer hands over what it did not look at.
    [Fact]
    public void Takes_a_certificate_whose_dates_cannot_be_read_for_one_that_has_expired()
    {
        byte[] der = [.. _der];
        // Of two times the first: other octets of a certificate are random, and any of them may be a Z.
        int at = Enumerable.Range(0, der.Length).First(i => der[i] == (byte)System.Formats.Asn1.UniversalTagNumber.UtcTime && der[i + 1] == 13 && der[i + 14] == 'Z') + 2;
        "991399999999"u8.CopyTo(der.AsSpan(at));
        using X509Certificate2 loaded = X509CertificateLoader.LoadCertificate(der);
        ClientCertificate certificate = ClientCertificate.From(loaded);
        certificate.NotAfter.ShouldBe(DateTimeOffset.MinValue);
        certificate.NotBefore.ShouldBe(DateTimeOffset.MaxValue);
        certificate.Thumbprint.ShouldBe(CertificateThumbprint.Of(der));
        ClientCertificate.TryRead(der).ShouldBeNull();
    }
}
