namespace Holdfast.Core.Tests.Forwarded;

/// <summary><c>Client-Cert</c> and <c>Client-Cert-Chain</c>.</summary>
public class Rfc9440Tests
{
    private const string Cert = "Client-Cert", Chain = "Client-Cert-Chain";
    private static readonly string Leaf = ProxyText.Sequence(ProxyText.Client);
    private static readonly string First = ProxyText.Sequence(ProxyText.Intermediate), Second = ProxyText.Sequence(ProxyText.Root);
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.Rfc9440);

    private PresentedCertificate Read(string value) => _decoder.Decode((Cert, value));

    // FWD-01
    [Fact]
    public void Refuses_everything_but_one_byte_sequence()
    {
        string base64 = ProxyText.Base64(ProxyText.Client);
        string[] bad =
        [
            "", ":", "::", base64, ":" + base64, base64 + ":", $":{base64}:;a=b", $":{base64}:, :{base64}:", $"\"{base64}\"", $": {base64}:", $":{base64} :", $" :{base64}:",
            $":{base64[..40]}\t{base64[40..]}:", $":{base64}=:", $":{base64.Replace('+', '-').Replace('/', '_')}_:", "?1", "a", $":{ProxyText.Pem(ProxyText.Client)}:",
        ];
        foreach (string value in bad)
            Read(value).ShouldBeUnreadable(value);
    }

    // FWD-03, FWD-05
    [Fact]
    public void Reads_the_chain_over_one_line_or_several()
    {
        _decoder.Decode((Cert, Leaf), (Chain, $"{First}, {Second}")).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate, ProxyText.Root);
        _decoder.Decode((Cert, Leaf), (Chain, $"{First} \t,{Second}")).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate, ProxyText.Root);
        _decoder.Decode((Chain, First), (Cert, Leaf), (Chain, Second)).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate, ProxyText.Root);
        _decoder.Decode((Cert, Leaf), (Chain, First)).ShouldBe(ProxyText.Client, null, ProxyText.Intermediate);
    }

    // FWD-03
    [Fact]
    public void Refuses_a_chain_that_is_no_list_of_certificates()
    {
        foreach (string bad in new[] { "", ",", First + ",", "," + First, $"{First},,{Second}", $"({First} {Second})", First + ";a", ":AAAA:", string.Join(',', Enumerable.Repeat(First, 11)) })
            _decoder.Decode((Cert, Leaf), (Chain, bad)).ShouldBeUnreadable(bad);
        _decoder.Decode((Cert, Leaf), (Chain, string.Join(',', Enumerable.Repeat(First, 10)))).Certificate!.Chain.Count.ShouldBe(10);
    }

    // FWD-04
    [Fact]
    public void Refuses_a_chain_without_a_leaf()
    {
        PresentedCertificate presented = _decoder.Decode((Chain, First));
        presented.ShouldBeUnreadable();
        presented.Fault!.Expected.ShouldBe(Cert);
    }
}
