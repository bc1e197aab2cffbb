namespace Holdfast.Core.Tests.Forwarded;

/// <summary><c>X-Forwarded-Client-Cert</c>, as Envoy writes it and as it must not be read.</summary>
public class EnvoyXfccTests
{
    private const string Xfcc = "X-Forwarded-Client-Cert";
    private static readonly string Hash = ProxyText.Hex(ProxyText.Client), Cert = ProxyText.Escaped(ProxyText.Client);
    private static readonly string OtherHash = ProxyText.Hex(ProxyText.Other), OtherCert = ProxyText.Escaped(ProxyText.Other);

    private static PresentedCertificate Read(string value, int hops = 1) =>
        ProxyText.Decoder(ForwardedCertificateFormat.EnvoyXfcc, hops: hops).Decode((Xfcc, value));

    private static void ShouldBeHash(PresentedCertificate presented, byte[] der)
    {
        presented.Fault.ShouldBeNull();
        presented.Certificate!.Thumbprint.ShouldBe(CertificateThumbprint.Of(der));
        presented.Certificate.Der.IsEmpty.ShouldBeTrue();
        presented.Certificate.IsForwarded.ShouldBeTrue();
        presented.Certificate.NotAfter.ShouldBeNull();
    }

    // FWD-26, FWD-31: the shape that Envoy documents.
    [Fact]
    public void Reads_the_hash_alone() =>
        ShouldBeHash(Read($"By=http://frontend.lyft.com;Hash={Hash};Subject=\"/C=US/ST=CA/L=San Francisco/OU=Lyft/CN=Test Client\";URI=http://testclient.lyft.com;DNS=lyft.com;DNS=www.lyft.com"), ProxyText.Client);

    // FWD-31
    [Fact]
    public void Reads_the_certificate_and_its_chain()
    {
        Read($"By=;Hash={Hash};Cert=\"{Cert}\"").ShouldBe(ProxyText.Client);
        Read($"Cert=\"{Cert}\"").ShouldBe(ProxyText.Client);
        Read($"Hash={Hash};Chain=\"{ProxyText.Escaped(ProxyText.Client, ProxyText.Intermediate)}\"").ShouldBe(ProxyText.Client, null, ProxyText.Intermediate);
        Read($"Hash={Hash};Cert=\"{Cert}\";Chain=\"{ProxyText.Escaped(ProxyText.Client, ProxyText.Intermediate)}\";Subject=\"\"").ShouldBe(ProxyText.Client, null, ProxyText.Intermediate);
    }

    // FWD-26
    [Fact]
    public void Compares_keys_without_case_and_values_with_it()
    {
        ShouldBeHash(Read($"BY=x;hAsH={Hash}"), ProxyText.Client);
        ShouldBeHash(Read($"Hash={Hash.ToUpperInvariant()}"), ProxyText.Client);
        Read($"cert=\"{Cert}\"").ShouldBe(ProxyText.Client);
        Read($"Cert=\"{Cert.ToLowerInvariant()}\"").ShouldBeUnreadable();
    }

    // FWD-31
    [Fact]
    public void Refuses_what_does_not_agree()
    {
        Read($"Hash={OtherHash};Cert=\"{Cert}\"").ShouldBeUnreadable();
        Read($"Hash={Hash};Cert=\"{OtherCert}\"").ShouldBeUnreadable();
        Read($"Hash={Hash};Chain=\"{ProxyText.Escaped(ProxyText.Intermediate, ProxyText.Client)}\"").ShouldBeUnreadable();
        Read($"Cert=\"{Cert}\";Chain=\"{OtherCert}\"").ShouldBeUnreadable();
        Read($"Hash={Hash};Cert=\"{ProxyText.Escaped(ProxyText.Client, ProxyText.Intermediate)}\"").ShouldBeUnreadable();
    }

    // FWD-31
    [Fact]
    public void Refuses_a_hash_or_certificate_in_another_form()
    {
        string[] bad =
        [
            $"Hash={Hash[..^1]}", $"Hash={Hash}0", $"Hash={Hash[..^1]}g", "Hash=", "Hash=\"\"", $"Hash={CertificateThumbprint.Of(ProxyText.Client)}", $"Hash=sha256:{Hash}",
            $"Hash={string.Join(':', Hash.Chunk(2).Select(pair => new string(pair)))}", $"Hash={Hash};Cert=\"\"", $"Hash={Hash};Chain=\"\"", $"Hash={Hash};Cert=x", $"Cert={ProxyText.Base64(ProxyText.Client).TrimEnd('=')}",
            $"Cert=\"{ProxyText.Pem(ProxyText.Client).Replace('\n', ' ')}\"", $"Cert=\"{Uri.EscapeDataString(Cert)}\"", "By=x;Subject=\"/CN=x\"", "By=x",
        ];
        foreach (string value in bad)
            Read(value).ShouldBeUnreadable(value);
    }

    // FWD-27
    [Fact]
    public void Reads_quoted_values_with_all_that_needs_quotes()
    {
        ShouldBeHash(Read($"Subject=\"CN=a\\,b;Hash={OtherHash},Hash={OtherHash}\";Hash={Hash}"), ProxyText.Client);
        ShouldBeHash(Read($"Subject=\"say \\\"x\\\";Hash={OtherHash};\";Hash=\"{Hash}\""), ProxyText.Client);
        ShouldBeHash(Read($"Subject=\"CN=ends with a backslash\\\\\";Hash={Hash}"), ProxyText.Client);
        ShouldBeHash(Read($"URI=\"http://x?a=b,c;d\";Hash={Hash}"), ProxyText.Client);
    }

    // FWD-27
    [Fact]
    public void Refuses_stray_and_unbalanced_quotes()
    {
        string[] bad =
        [
            $"Hash={Hash}\"", $"Hash=\"{Hash}", $"Hash={Hash};Subject=\"", $"Hash={Hash};Subject=\"a\"b", $"Hash={Hash};Subject=\"a\"xBy=y", $"Hash={Hash};Subject=a\"b\"", $"Hash={Hash};Subject=\"a\" ;By=x", $"Hash={Hash};Subject=\"a\\\"",
            $"Hash={Hash};Subject=\"a\"\"b\"", $"Hash={Hash};URI=x\"y", $"Hash={Hash};\"Subject\"=\"a\"", $"Hash={Hash};Subject= \"a\"", $"Hash={Hash};Subject=\"a\"\\", $"Hash={Hash};Subject='a\"", "\"",
            $"\"Hash={Hash}\"", $"Hash={Hash};Subject=\"a\tb\"", $"Hash={Hash};Subject=\"a\\",
        ];
        foreach (string value in bad)
            Read(value).ShouldBeUnreadable(value);
    }

    // FWD-28
    [Fact]
    public void Refuses_a_key_twice_where_it_may_stand_once()
    {
        string[] bad =
        [
            $"Hash={Hash};Hash={OtherHash}", $"Hash={Hash};Hash={Hash}", $"Hash={Hash};hash={OtherHash}", $"Cert=\"{Cert}\";Cert=\"{OtherCert}\"", $"Hash={Hash};Subject=\"a\";Subject=\"b\"",
            $"Hash={Hash};Chain=\"{Cert}\";CHAIN=\"{Cert}\"", $"By=x;Hash={Hash};URI=y;Hash={OtherHash}",
        ];
        foreach (string value in bad)
            Read(value).ShouldBeUnreadable(value);
        ShouldBeHash(Read($"By=a;By=b;Hash={Hash};URI=a;URI=b;DNS=a;DNS=b"), ProxyText.Client);
    }

    // FWD-29
    [Fact]
    public void Refuses_what_should_have_been_quoted()
    {
        string[] bad =
        [
            $"By=urn:abc:principal(a;None;i001);Hash={Hash}", $"By=urn:abc:principal(a,None);Hash={Hash}", $"Hash={Hash};URI=http://x?a=b", $"Hash={Hash};URI=x,Hash={OtherHash}", $"Hash={Hash};URI=x,By=y;Hash={OtherHash}",
            $"Hash={Hash};URI=x;Cert=\"{OtherCert}\"", $"Hash={Hash};DNS=x;Chain=\"{OtherCert}\"", $"Hash={Hash};URI=a b", $"Hash={Hash};Issuer=\"x\"", $"Hash={Hash};Foo=x", $"Hash={Hash};", $";Hash={Hash}", $"Hash={Hash};;By=x", $"Hash={Hash};By",
            $"Hash ={Hash}", $" Hash={Hash}", $"Hash={Hash} ", $"={Hash}", "", ";", "=", ",",
        ];
        foreach (string value in bad)
            Read(value).ShouldBeUnreadable(value);
    }

    // FWD-30
    [Fact]
    public void Counts_the_elements_from_the_end()
    {
        string ours = $"By=http://frontend.lyft.com;Hash={Hash};URI=http://testclient.lyft.com", hop = $"By=http://backend.lyft.com;Hash={OtherHash};URI=http://frontend.lyft.com";
        ShouldBeHash(Read($"{ours},{hop}", hops: 2), ProxyText.Client);
        ShouldBeHash(Read($"{ours},{hop},{hop}", hops: 3), ProxyText.Client);
        Read($"{ours},{hop}", hops: 1).ShouldBeUnreadable();
        Read($"{ours},{hop}", hops: 3).ShouldBeUnreadable();
        Read(ours, hops: 2).ShouldBeUnreadable();
        Read($"{hop},{ours},{hop}", hops: 2).ShouldBeUnreadable();
    }

    // FWD-41
    [Fact]
    public void Reads_no_more_than_the_bound()
    {
        string element = $"Hash={Hash};URI=";
        ShouldBeHash(Read(element + new string('x', ForwardedCertificateDecoder.MaxLength - element.Length)), ProxyText.Client);
        Read(element + new string('x', ForwardedCertificateDecoder.MaxLength - element.Length + 1)).ShouldBeUnreadable();
    }

    // FWD-26, FWD-30
    [Fact]
    public void Refuses_elements_that_are_not_well_formed_wherever_they_stand()
    {
        string good = $"Hash={Hash}";
        foreach (string value in new[] { $"{good},", $",{good}", $"{good},,{good}", $"{good}, {good}", $"{good} ,{good}", $"{good},x", $"{good},Hash=\"" })
            Read(value, hops: 2).ShouldBeUnreadable(value);
        ShouldBeHash(Read($"{good},By=x", hops: 2), ProxyText.Client);
    }
}
