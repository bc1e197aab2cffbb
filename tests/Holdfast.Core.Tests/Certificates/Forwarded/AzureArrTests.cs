namespace Holdfast.Core.Tests.Forwarded;

/// <summary><c>X-ARR-ClientCert</c>.</summary>
public class AzureArrTests
{
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.AzureArr);

    // FWD-40
    [Fact]
    public void Takes_an_empty_field_for_no_certificate() => _decoder.Decode(("X-ARR-ClientCert", "")).ShouldBeNone();

    // FWD-40
    [Fact]
    public void Refuses_other_spellings()
    {
        string base64 = ProxyText.Base64(ProxyText.Client);
        foreach (string text in new[] { $":{base64}:", ProxyText.Pem(ProxyText.Client), ProxyText.Escaped(ProxyText.Client), base64 + " ", base64[..76] + "\r\n" + base64[76..], Uri.EscapeDataString(base64) + "%20" })
            _decoder.Decode(("X-ARR-ClientCert", text)).ShouldBeUnreadable(text);
    }

    // FWD-41: one value, one spelling.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Refuses_padding_that_is_missing_doubled_or_not_canonical(int padding)
    {
        byte[] der = Enumerable.Range(0, 500).Select(_ => TestCertificate.Der(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)))
            .First(one => one.Length % 3 == 3 - padding);
        string base64 = ProxyText.Base64(der);
        _decoder.Decode(("X-ARR-ClientCert", base64)).ShouldBe(der);
        string letters = base64.TrimEnd('=');
        // The last letter's unused bits are zero, so its successor decodes to the same octets for a lax reader.
        string loose = letters[..^1] + (char)(letters[^1] + 1) + new string('=', padding);
        Convert.FromBase64String(loose).ShouldBe(der);
        foreach (string text in new[] { loose, letters, base64 + "=", base64 + "====", letters + "=" + (padding == 1 ? "=" : "") })
            _decoder.Decode(("X-ARR-ClientCert", text)).ShouldBeUnreadable(text);
    }
}
