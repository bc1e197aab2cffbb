namespace Holdfast.Core.Tests.Forwarded;

/// <summary>What Caddy 2.6 sends, certificate or not.</summary>
public class CaddyTests
{
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.Caddy);

    // FWD-39
    [Theory]
    [InlineData("")]
    [InlineData("::")]
    [InlineData("{http.request.tls.client.certificate_der_base64}")]
    [InlineData(":{http.request.tls.client.certificate_der_base64}:")]
    public void Takes_an_empty_or_unexpanded_placeholder_for_no_certificate(string value) => _decoder.Decode(("Client-Cert", value)).ShouldBeNone();

    // FWD-39
    [Theory]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData(":{http.request.tls.client.certificate_pem}:")]
    [InlineData("{http.request.tls.client.certificate_der_base64}:")]
    [InlineData(":{HTTP.request.tls.client.certificate_der_base64}:")]
    public void Refuses_another_placeholder(string value) => _decoder.Decode(("Client-Cert", value)).ShouldBeUnreadable();

    // FWD-03: Caddy has no placeholder for a chain; this one is a client's.
    [Fact]
    public void Reads_no_chain()
    {
        _decoder.Fields.ShouldBe(["Client-Cert"]);
        _decoder.Decode(("Client-Cert", ProxyText.Sequence(ProxyText.Client)), ("Client-Cert-Chain", "junk")).ShouldBe(ProxyText.Client);
    }
}
