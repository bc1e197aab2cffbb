namespace Holdfast.Core.Tests.Forwarded;

/// <summary><c>$ssl_client_escaped_cert</c> and <c>$ssl_client_verify</c>.</summary>
public class NginxTests
{
    private const string Cert = "X-SSL-Client-Cert", Verify = "X-SSL-Client-Verify";
    private static readonly string Escaped = ProxyText.Escaped(ProxyText.Client);
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.Nginx);

    // FWD-24
    [Theory]
    [InlineData("SUCCESS", true)]
    [InlineData("FAILED", false)]
    [InlineData("FAILED:self-signed certificate", false)]
    [InlineData("", null)]
    public void Takes_the_word_for_the_chain(string word, bool? isChainVerified) =>
        _decoder.Decode((Cert, Escaped), (Verify, word)).ShouldBe(ProxyText.Client, isChainVerified);

    // FWD-24
    [Theory]
    [InlineData("NONE")]
    [InlineData("success")]
    [InlineData("FAILEDX")]
    [InlineData("0")]
    [InlineData("SUCCESS, SUCCESS")]
    public void Refuses_a_word_that_contradicts_the_certificate(string word) => _decoder.Decode((Cert, Escaped), (Verify, word)).ShouldBeUnreadable();

    // FWD-24
    [Fact]
    public void Takes_an_empty_field_for_no_certificate_unless_the_word_contradicts()
    {
        _decoder.Decode((Cert, "")).ShouldBeNone();
        _decoder.Decode((Verify, "NONE")).ShouldBeNone();
        _decoder.Decode((Cert, ""), (Verify, "NONE")).ShouldBeNone();
        _decoder.Decode((Verify, "SUCCESS")).ShouldBeUnreadable();
        _decoder.Decode((Verify, "FAILED:expired")).ShouldBeUnreadable();
    }

    // FWD-22
    [Fact]
    public void Decodes_once_and_takes_a_plus_as_it_is()
    {
        _decoder.Decode((Cert, Escaped.Replace("%2B", "+", StringComparison.Ordinal))).ShouldBe(ProxyText.Client);
        _decoder.Decode((Cert, Escaped.ToLowerInvariantEscapes())).ShouldBe(ProxyText.Client);
        _decoder.Decode((Cert, Uri.EscapeDataString(Escaped))).ShouldBeUnreadable();
        _decoder.Decode((Cert, Escaped.Replace("%20", "+", StringComparison.Ordinal))).ShouldBeUnreadable();
        foreach (string broken in new[] { Escaped + "%", Escaped + "%0", Escaped + "%0G", Escaped + "%00", Escaped + "%FF", Escaped + "%0D" })
            _decoder.Decode((Cert, broken)).ShouldBeUnreadable(broken);
    }

    // FWD-23
    [Fact]
    public void Refuses_the_folded_value_of_the_old_variable()
    {
        string pem = ProxyText.Pem(ProxyText.Client).TrimEnd();
        foreach (string folded in new[] { pem, pem.Replace("\n", "\n\t", StringComparison.Ordinal), pem.Replace('\n', '\t'), pem.Replace('\n', ' '), pem.Replace("\n", " \t", StringComparison.Ordinal), pem.Replace("\n", "", StringComparison.Ordinal) })
            _decoder.Decode((Cert, folded)).ShouldBeUnreadable();
        _decoder.Decode((Cert, Escaped + " ")).ShouldBeUnreadable();
    }

    // FWD-23
    [Fact]
    public void Refuses_the_fingerprint() => _decoder.Decode((Cert, "da39a3ee5e6b4b0d3255bfef95601890afd80709")).ShouldBeUnreadable();

    // FWD-22, FWD-41
    [Fact]
    public void Refuses_pem_with_anything_around_the_certificate()
    {
        string pem = ProxyText.Pem(ProxyText.Client);
        string[] bad =
        [
            pem + pem, "x" + pem, pem + "x", pem.TrimEnd() + "x", pem.TrimEnd() + pem, "\n" + pem, pem + "\n", pem.Replace("CERTIFICATE", "X509 CERTIFICATE", StringComparison.Ordinal), pem.Replace("CERTIFICATE", "TRUSTED CERTIFICATE", StringComparison.Ordinal),
            pem.Replace("\n", "\n\n", StringComparison.Ordinal), pem.Replace("\n", "\r\n", StringComparison.Ordinal), pem.Replace("-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nA: b\n\n", StringComparison.Ordinal),
            pem.Replace("-----END CERTIFICATE-----", "", StringComparison.Ordinal), pem.Replace("BEGIN", "begin", StringComparison.Ordinal), "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        ];
        foreach (string text in bad)
            _decoder.Decode((Cert, Uri.EscapeDataString(text))).ShouldBeUnreadable(text);
        _decoder.Decode((Cert, Uri.EscapeDataString(pem.TrimEnd()))).ShouldBe(ProxyText.Client);
    }
}

internal static class Escapes
{
    public static string ToLowerInvariantEscapes(this string text) =>
        System.Text.RegularExpressions.Regex.Replace(text, "%[0-9A-F]{2}", escape => escape.Value.ToLowerInvariant());
}
