using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance.Tests;

public sealed class ForgedCertificateTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("forged-");
    private readonly TestAuthority _authority;
    private readonly X509Certificate2 _original;

    public ForgedCertificateTests()
    {
        _authority = new TestAuthority(_directory.FullName);
        _original = _authority.IssueClient("robbed");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copy_says_what_the_original_says_and_proves_nothing(bool signedByItself)
    {
        using var copy = signedByItself ? ForgedCertificates.SelfSigned(_original) : ForgedCertificates.ByMadeUpAuthority(_original);

        copy.Subject.ShouldBe(_original.Subject);
        copy.SerialNumber.ShouldBe(_original.SerialNumber);
        (copy.NotBefore, copy.NotAfter).ShouldBe((_original.NotBefore, _original.NotAfter));
        copy.Issuer.ShouldBe(signedByItself ? _original.Subject : _original.Issuer);
        copy.Extensions.Select(extension => Convert.ToHexString(extension.RawData)).ShouldBe(_original.Extensions.Select(extension => Convert.ToHexString(extension.RawData)));
        copy.HasPrivateKey.ShouldBeTrue();
        copy.PublicKey.ExportSubjectPublicKeyInfo().ShouldNotBe(_original.PublicKey.ExportSubjectPublicKeyInfo());
        _authority.HasIssued(_original).ShouldBeTrue();
        _authority.HasIssued(copy).ShouldBeFalse();
    }

    // FWD-21
    [Fact]
    public void Every_forged_field_comes_in_every_spelling_and_states_that_certificate()
    {
        var forgeries = ForgedFields.Of(_original);

        foreach (var name in new[] { "Client-Cert", "X-SSL-Client-Cert", "X-Forwarded-Client-Cert", "X-ARR-ClientCert", "X-Amzn-Mtls-Clientcert", "X-Forwarded-Tls-Client-Cert" })
        {
            forgeries.ShouldContain(lines => lines[0].Name == name);
            forgeries.ShouldContain(lines => lines[0].Name == name.ToLowerInvariant());
            forgeries.ShouldContain(lines => lines[0].Name == name.Replace('-', '_'));
            forgeries.ShouldContain(lines => lines[0].Name == name && lines.Last() == new FieldLine("Connection", name));
        }
        foreach (var lines in forgeries)
            Read(lines[0].Value).ShouldBe(_original.RawData);
    }

    public void Dispose()
    {
        _original.Dispose();
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    // Whatever the form, base64 of the DER octets is in it somewhere.
    private static byte[] Read(string value)
    {
        var text = Uri.UnescapeDataString(value.Split("Cert=")[^1].Trim('"', ':'));
        var base64 = text.Replace("-----BEGIN CERTIFICATE-----", "").Replace("-----END CERTIFICATE-----", "");
        return Convert.FromBase64String(string.Concat(base64.Where(character => !char.IsWhiteSpace(character))));
    }
}
