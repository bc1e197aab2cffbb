using System.Security.Cryptography;

namespace Holdfast.Core.Tests.Forwarded;

/// <summary>Certificates, written as the proxies write them, and the decoders asked. Shares no code with the decoders.</summary>
internal static class ProxyText
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly byte[] Client = TestCertificate.Der(Start, Start.AddDays(1));
    public static readonly byte[] Other = TestCertificate.Der(Start, Start.AddDays(1));
    public static readonly byte[] Intermediate = TestCertificate.Der(Start, Start.AddDays(1));
    public static readonly byte[] Root = TestCertificate.Der(Start, Start.AddDays(1));

    public static string Base64(byte[] der) => Convert.ToBase64String(der);

    public static string Sequence(byte[] der) => $":{Base64(der)}:";

    public static string Pem(params byte[][] ders) => string.Concat(ders.Select(der => PemEncoding.WriteString("CERTIFICATE", der) + "\n"));

    /// <summary>As nginx and Envoy escape.</summary>
    public static string Escaped(params byte[][] ders) => Uri.EscapeDataString(Pem(ders));

    /// <summary>As the load balancer of AWS escapes.</summary>
    public static string AwsEscaped(params byte[][] ders) =>
        Escaped(ders).Replace("%2B", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3D", "=", StringComparison.Ordinal);

    public static string Hex(byte[] der) => Convert.ToHexStringLower(SHA256.HashData(der));

    public static ForwardedCertificateDecoder Decoder(ForwardedCertificateFormat format, string? field = null, int hops = 1) =>
        ForwardedCertificateDecoder.Create(new ForwardedCertificateConfig { Format = format, Field = field, XfccHops = hops });

    /// <summary>Fresh fields for a decoder.</summary>
    public static PresentedCertificate Decode(this ForwardedCertificateDecoder decoder, params (string Name, string Value)[] lines) =>
        decoder.Decode(name => lines.Where(line => line.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line.Value).ToArray());

    public static void ShouldBe(this PresentedCertificate presented, byte[] der, bool? isChainVerified = null, params byte[][] chain)
    {
        presented.Fault.ShouldBeNull();
        ClientCertificate certificate = presented.Certificate.ShouldNotBeNull();
        certificate.Der.ToArray().ShouldBe(der);
        certificate.Thumbprint.ShouldBe(CertificateThumbprint.Of(der));
        certificate.IsForwarded.ShouldBeTrue();
        certificate.IsChainVerified.ShouldBe(isChainVerified);
        certificate.Chain.Select(one => one.ToArray()).ShouldBe(chain);
    }

    public static void ShouldBeNone(this PresentedCertificate presented) => presented.ShouldBe(PresentedCertificate.None);

    public static void ShouldBeUnreadable(this PresentedCertificate presented, string? because = null)
    {
        presented.Certificate.ShouldBeNull(because);
        presented.Fault.ShouldNotBeNull(because).Failure.ShouldBe(VerificationFailure.CertificateHeaderUnreadable);
    }
}
