namespace Holdfast.Core.Tests.Forwarded;

/// <summary>The fields of both modes of the load balancer.</summary>
public class AwsAlbTests
{
    private const string Cert = "X-Amzn-Mtls-Clientcert", Leaf = "X-Amzn-Mtls-Clientcert-Leaf";
    private readonly ForwardedCertificateDecoder _passthrough = ProxyText.Decoder(ForwardedCertificateFormat.AwsAlb);
    private readonly ForwardedCertificateDecoder _verify = ProxyText.Decoder(ForwardedCertificateFormat.AwsAlb, Leaf);

    // FWD-40
    [Fact]
    public void Reads_the_chain_of_the_passthrough_mode()
    {
        _passthrough.Decode((Cert, ProxyText.AwsEscaped(ProxyText.Client, ProxyText.Intermediate))).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate);
        _passthrough.Decode((Cert, ProxyText.Escaped(ProxyText.Client))).ShouldBe(ProxyText.Client);
        _passthrough.Decode((Cert, "")).ShouldBeNone();
    }

    // FWD-40: in passthrough the other mode's field can only be a client's.
    [Fact]
    public void Reads_the_field_of_the_declared_mode_alone()
    {
        string escaped = ProxyText.AwsEscaped(ProxyText.Other);
        _passthrough.Decode((Leaf, escaped)).ShouldBeNone();
        _passthrough.Decode((Cert, ProxyText.AwsEscaped(ProxyText.Client)), (Leaf, escaped)).ShouldBe(ProxyText.Client);
        _verify.Decode((Leaf, escaped)).ShouldBe(ProxyText.Other, true);
        _verify.Decode((Cert, escaped)).ShouldBeNone();
    }

    // FWD-40
    [Fact]
    public void Refuses_other_spellings()
    {
        string pem = ProxyText.Pem(ProxyText.Client);
        foreach (string text in new[] { pem, pem.Replace('\n', ' '), ProxyText.Base64(ProxyText.Client), Uri.EscapeDataString(ProxyText.Escaped(ProxyText.Client)), ProxyText.AwsEscaped(ProxyText.Client) + "," + ProxyText.AwsEscaped(ProxyText.Client), ProxyText.AwsEscaped([.. Enumerable.Repeat(ProxyText.Client, 12)]) })
            _passthrough.Decode((Cert, text)).ShouldBeUnreadable(text);
    }
}
