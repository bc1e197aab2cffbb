namespace Holdfast.Core.Tests.Forwarded;

/// <summary><c>SSL_CLIENT_CERT</c> and <c>SSL_CLIENT_VERIFY</c> through mod_headers.</summary>
public class ApacheTests
{
    private const string Cert = "X-SSL-Client-Cert", Verify = "X-SSL-Client-Verify";
    private static readonly string Spaced = ProxyText.Pem(ProxyText.Client).Replace('\n', ' ');
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.Apache);

    // FWD-35
    [Theory]
    [InlineData("SUCCESS", true)]
    [InlineData("GENEROUS", false)]
    [InlineData("FAILED:self-signed certificate", false)]
    [InlineData("(null)", null)]
    public void Takes_spaces_for_line_ends_and_the_word_for_the_chain(string word, bool? isChainVerified)
    {
        _decoder.Decode((Cert, Spaced), (Verify, word)).ShouldBe(ProxyText.Client, isChainVerified);
        _decoder.Decode((Cert, Spaced.TrimEnd()), (Verify, word)).ShouldBe(ProxyText.Client, isChainVerified);
    }

    // FWD-35
    [Fact]
    public void Takes_null_for_no_certificate()
    {
        _decoder.Decode((Cert, "(null)")).ShouldBeNone();
        _decoder.Decode((Cert, "(null)"), (Verify, "NONE")).ShouldBeNone();
        _decoder.Decode((Cert, "(null)"), (Verify, "(null)")).ShouldBeNone();
        _decoder.Decode((Cert, ""), (Verify, "NONE")).ShouldBeNone();
        _decoder.Decode((Cert, "(NULL)"), (Verify, "NONE")).ShouldBeUnreadable();
    }

    // FWD-35
    [Fact]
    public void Refuses_contradictions()
    {
        _decoder.Decode((Cert, Spaced), (Verify, "NONE")).ShouldBeUnreadable();
        _decoder.Decode((Cert, "(null)"), (Verify, "SUCCESS")).ShouldBeUnreadable();
        _decoder.Decode((Cert, "(null)"), (Verify, "GENEROUS")).ShouldBeUnreadable();
    }

    // FWD-35: expr= cuts the variable at its first line end.
    [Fact]
    public void Refuses_other_spellings_of_the_certificate()
    {
        string[] bad = ["-----BEGIN CERTIFICATE-----", Spaced.Replace("  ", " ", StringComparison.Ordinal).Replace(" ", "  ", StringComparison.Ordinal), Spaced.Replace(' ', '\t'), ProxyText.Pem(ProxyText.Client), Spaced + Spaced, "x " + Spaced, Spaced + "x", ProxyText.Escaped(ProxyText.Client)];
        foreach (string text in bad)
            _decoder.Decode((Cert, text)).ShouldBeUnreadable(text);
    }
}
