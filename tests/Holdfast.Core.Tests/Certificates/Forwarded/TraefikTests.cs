namespace Holdfast.Core.Tests.Forwarded;

/// <summary>What <c>passTLSClientCert</c> sends.</summary>
public class TraefikTests
{
    private const string Cert = "X-Forwarded-Tls-Client-Cert";
    private static readonly string Leaf = ProxyText.Base64(ProxyText.Client), First = ProxyText.Base64(ProxyText.Intermediate);
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.Traefik);

    // FWD-36
    [Fact]
    public void Reads_the_leaf_first_and_the_chain_behind_commas()
    {
        _decoder.Decode((Cert, $"{Leaf},{First}")).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate);
        _decoder.Decode((Cert, "")).ShouldBeNone();
    }

    // FWD-36
    [Fact]
    public void Reads_the_escaped_form_of_older_versions()
    {
        _decoder.Decode((Cert, $"{Uri.EscapeDataString(Leaf)},{Uri.EscapeDataString(First)}")).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate);
        _decoder.Decode((Cert, Uri.EscapeDataString(Uri.EscapeDataString(Leaf)))).ShouldBeUnreadable();
    }

    // FWD-36: in a query + is a space, so no value has both.
    [Fact]
    public void Refuses_a_mixture_of_both()
    {
        // The padding makes the escape, the letters the plus.
        byte[] der = Enumerable.Range(0, 500).Select(_ => TestCertificate.Der(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)))
            .First(one => Convert.ToBase64String(one) is var text && text.Contains('+') && text.EndsWith('='));
        string base64 = ProxyText.Base64(der);
        _decoder.Decode((Cert, base64)).ShouldBe(der);
        _decoder.Decode((Cert, base64.Replace("=", "%3D", StringComparison.Ordinal))).ShouldBeUnreadable();
        _decoder.Decode((Cert, base64.Replace("+", "%2B", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal))).ShouldBe(der);
    }

    // FWD-36, FWD-38
    [Fact]
    public void Refuses_other_spellings()
    {
        foreach (string text in new[] { ",", Leaf + ",", "," + Leaf, $"{Leaf}, {First}", $"{Leaf}%2C{First}", ProxyText.Pem(ProxyText.Client), ProxyText.Escaped(ProxyText.Client), $":{Leaf}:", "Subject%3D%22CN%3Dclient%22", string.Join(',', Enumerable.Repeat(Leaf, 12)) })
            _decoder.Decode((Cert, text)).ShouldBeUnreadable(text);
        _decoder.Decode(("X-Forwarded-Tls-Client-Cert-Info", "Subject%3D%22CN%3Dclient%22")).ShouldBeNone();
    }
}
