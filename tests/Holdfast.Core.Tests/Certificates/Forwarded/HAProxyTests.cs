namespace Holdfast.Core.Tests.Forwarded;

/// <summary><c>ssl_c_der,base64</c> and what is said beside it.</summary>
public class HAProxyTests
{
    private const string Cert = "X-SSL-Client-Cert", Verify = "X-SSL-Client-Verify", Used = "X-SSL-Client-Used", Chain = "X-SSL-Client-Chain";
    private static readonly string Leaf = ProxyText.Base64(ProxyText.Client);
    private readonly ForwardedCertificateDecoder _decoder = ProxyText.Decoder(ForwardedCertificateFormat.HAProxy);

    private PresentedCertificate Read(string cert, string verify, string used, string? chain = null) =>
        chain is null ? _decoder.Decode((Cert, cert), (Verify, verify), (Used, used)) : _decoder.Decode((Cert, cert), (Verify, verify), (Used, used), (Chain, chain));

    // FWD-34
    [Theory]
    [InlineData("0", true)]
    [InlineData("18", false)]
    [InlineData("21", false)]
    public void Takes_zero_for_verified(string verify, bool isChainVerified) => Read(Leaf, verify, "1").ShouldBe(ProxyText.Client, isChainVerified);

    // FWD-34
    [Fact]
    public void Takes_empty_fields_and_an_unused_flag_for_no_certificate()
    {
        Read("", "0", "0", "").ShouldBeNone();
        Read("", "0", "0").ShouldBeNone();
        _decoder.Decode((Cert, "")).ShouldBeNone();
    }

    // FWD-34: a client's own copy, where the proxy does not delete it.
    [Fact]
    public void Refuses_a_certificate_that_the_proxy_did_not_use()
    {
        Read(Leaf, "0", "0").ShouldBeUnreadable();
        _decoder.Decode((Cert, Leaf), (Verify, "0")).ShouldBeUnreadable();
        _decoder.Decode((Cert, Leaf), (Used, "1")).ShouldBeUnreadable();
        _decoder.Decode((Cert, Leaf)).ShouldBeUnreadable();
    }

    // FWD-34
    [Fact]
    public void Refuses_contradictions_and_other_spellings()
    {
        Read("", "0", "1").ShouldBeUnreadable();
        Read("", "0", "0", ProxyText.Base64(ProxyText.Root)).ShouldBeUnreadable();
        foreach (string verify in new[] { "", "-1", "+0", " 0", "0x0", "SUCCESS", "0,0", "99999999999" })
            Read(Leaf, verify, "1").ShouldBeUnreadable(verify);
        foreach (string used in new[] { "true", "01", "2", "1,1" })
            Read(Leaf, "0", used).ShouldBeUnreadable(used);
    }

    // FWD-33
    [Fact]
    public void Refuses_other_spellings_of_the_certificate()
    {
        foreach (string cert in new[] { $":{Leaf}:", Leaf + "====", Leaf + "\n", Leaf[..64] + " " + Leaf[64..], ProxyText.Pem(ProxyText.Client), ProxyText.Escaped(ProxyText.Client), $"{Leaf},{Leaf}", $"\"{Leaf}\"" })
            Read(cert, "0", "1").ShouldBeUnreadable(cert);
    }

    // FWD-33
    [Fact]
    public void Reads_the_chain_as_one_blob_with_or_without_the_leaf()
    {
        Read(Leaf, "0", "1", ProxyText.Base64([.. ProxyText.Intermediate, .. ProxyText.Root])).ShouldBe(ProxyText.Client, true, ProxyText.Intermediate, ProxyText.Root);
        Read(Leaf, "0", "1", ProxyText.Base64([.. ProxyText.Client, .. ProxyText.Intermediate])).ShouldBe(ProxyText.Client, true, ProxyText.Intermediate);
        Read(Leaf, "0", "1", "").ShouldBe(ProxyText.Client, true);
        Read(Leaf, "0", "1", ProxyText.Base64(ProxyText.Client)).ShouldBe(ProxyText.Client, true);
    }

    // FWD-33
    [Fact]
    public void Refuses_a_chain_that_is_no_row_of_certificates()
    {
        byte[] eleven = [.. Enumerable.Repeat(ProxyText.Root, 11).SelectMany(der => der)];
        foreach (byte[] blob in new byte[][] { [0], [.. ProxyText.Intermediate, 0], ProxyText.Intermediate[..^1], [0x30, 0x00], [0x30, 0x80, 0, 0], [0x05, 0x00], eleven })
            Read(Leaf, "0", "1", ProxyText.Base64(blob)).ShouldBeUnreadable(Convert.ToHexString(blob.AsSpan(0, Math.Min(8, blob.Length))));
        Read(Leaf, "0", "1", ProxyText.Sequence(ProxyText.Intermediate)).ShouldBeUnreadable();
        Read(Leaf, "0", "1", ProxyText.Base64(eleven[..(ProxyText.Root.Length * 10)])).Certificate!.Chain.Count.ShouldBe(10);
    }
}
