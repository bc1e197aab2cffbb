namespace Holdfast.Core.Tests.Forwarded;

/// <summary>What holds for every format.</summary>
public class FormatTests
{
    public static TheoryData<ForwardedCertificateFormat> Formats => [.. ForwardedCertificateFormats.All];

    /// <summary>How each format writes that there is a certificate.</summary>
    internal static (string, string)[] Written(ForwardedCertificateFormat format, byte[] der) => format switch
    {
        ForwardedCertificateFormat.Rfc9440 or ForwardedCertificateFormat.Caddy => [("Client-Cert", ProxyText.Sequence(der))],
        ForwardedCertificateFormat.Nginx => [("X-SSL-Client-Cert", ProxyText.Escaped(der))],
        ForwardedCertificateFormat.EnvoyXfcc => [("X-Forwarded-Client-Cert", $"Hash={ProxyText.Hex(der)};Cert=\"{ProxyText.Escaped(der)}\"")],
        ForwardedCertificateFormat.HAProxy => [("X-SSL-Client-Cert", ProxyText.Base64(der)), ("X-SSL-Client-Verify", "18"), ("X-SSL-Client-Used", "1")],
        ForwardedCertificateFormat.Apache => [("X-SSL-Client-Cert", ProxyText.Pem(der).Replace('\n', ' '))],
        ForwardedCertificateFormat.Traefik => [("X-Forwarded-Tls-Client-Cert", ProxyText.Base64(der))],
        ForwardedCertificateFormat.AwsAlb => [("X-Amzn-Mtls-Clientcert", ProxyText.AwsEscaped(der))],
        ForwardedCertificateFormat.AzureArr => [("X-ARR-ClientCert", ProxyText.Base64(der))],
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    // FWD-41
    [Theory]
    [MemberData(nameof(Formats))]
    public void Reads_the_octets_as_they_came(ForwardedCertificateFormat format)
    {
        PresentedCertificate presented = ProxyText.Decoder(format).Decode(Written(format, ProxyText.Client));
        presented.ShouldBe(ProxyText.Client, format == ForwardedCertificateFormat.HAProxy ? false : null);
        presented.Certificate!.NotAfter.ShouldNotBeNull();
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Takes_no_field_for_no_certificate(ForwardedCertificateFormat format) => ProxyText.Decoder(format).Decode().ShouldBeNone();

    // FWD-02
    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_the_same_line_twice(ForwardedCertificateFormat format)
    {
        (string, string)[] written = Written(format, ProxyText.Client);
        ForwardedCertificateDecoder decoder = ProxyText.Decoder(format);
        foreach ((string, string) line in written)
            decoder.Decode([.. written, line]).ShouldBeUnreadable(line.Item1);
        decoder.Decode([.. written, (written[0].Item1, "")]).ShouldBeUnreadable();
    }

    // FWD-40
    [Theory]
    [MemberData(nameof(Formats))]
    public void Does_not_guess_another_format(ForwardedCertificateFormat format)
    {
        foreach (ForwardedCertificateFormat other in ForwardedCertificateFormats.All.Where(other => other != format))
        {
            // In the field that this one reads.
            (string, string)[] written = [(ProxyText.Decoder(format).Fields[0], Written(other, ProxyText.Client)[0].Item2), .. Written(format, ProxyText.Client)[1..]];
            PresentedCertificate presented = ProxyText.Decoder(format).Decode(written);
            // Some are written alike.
            if (presented.Certificate is null)
                presented.ShouldBeUnreadable($"{format}, {other}");
            else
                presented.Certificate.Der.ToArray().ShouldBe(ProxyText.Client);
        }
    }

    // FWD-41
    [Theory]
    [MemberData(nameof(Formats))]
    public void Refuses_what_is_not_one_certificate_of_bounded_length(ForwardedCertificateFormat format)
    {
        ForwardedCertificateDecoder decoder = ProxyText.Decoder(format);
        decoder.Decode(Written(format, [.. ProxyText.Client, 0])).ShouldBeUnreadable("trailing octet");
        decoder.Decode(Written(format, [.. ProxyText.Client, .. ProxyText.Other])).ShouldBeUnreadable("two");
        decoder.Decode(Written(format, ProxyText.Client[..^1])).ShouldBeUnreadable("cut");
        decoder.Decode(Written(format, [0x30, 0x00])).ShouldBeUnreadable("an empty sequence");
        decoder.Decode(Written(format, new byte[ClientCertificate.MaxLength + 1])).ShouldBeUnreadable("too long");
        decoder.Decode(Written(format, new byte[1_000_000])).ShouldBeUnreadable("far too long");
    }

    // FWD-41
    [Theory]
    [MemberData(nameof(Formats))]
    public void Gives_the_same_answer_again(ForwardedCertificateFormat format)
    {
        ForwardedCertificateDecoder decoder = ProxyText.Decoder(format);
        ClientCertificate first = decoder.Decode(Written(format, ProxyText.Client)).Certificate!;
        decoder.Decode(Written(format, ProxyText.Client)).Certificate.ShouldBeSameAs(first);
        decoder.Decode(Written(format, ProxyText.Other)).Certificate!.Der.ToArray().ShouldBe(ProxyText.Other);
        // What is known is known by all its lines.
        (string name, string value) = Written(format, ProxyText.Client)[0];
        decoder.Decode([.. Written(format, ProxyText.Client), (name, value)]).ShouldBeUnreadable();
    }

    // FWD-20, FWD-38, FWD-40
    [Fact]
    public void Names_every_field_that_any_format_reads()
    {
        string[] read = [.. ForwardedCertificateFormats.All.SelectMany(format => ProxyText.Decoder(format).Fields).Distinct()];
        ForwardedCertificateFormats.AllFields.ShouldBe([.. read, "X-Amzn-Mtls-Clientcert-Leaf"], ignoreOrder: true);
        read.ShouldNotContain(name => name.EndsWith("-Info", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Has_a_name_for_every_format()
    {
        ForwardedCertificateFormats.All.ShouldBe(Enum.GetValues<ForwardedCertificateFormat>().Skip(1));
        ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf)
            .ShouldBe(["rfc9440", "nginx", "envoy-xfcc", "haproxy", "apache", "traefik", "caddy", "aws-alb", "azure-arr"]);
        foreach (ForwardedCertificateFormat format in ForwardedCertificateFormats.All)
        {
            ForwardedCertificateFormats.TryParse(ForwardedCertificateFormats.NameOf(format), out ForwardedCertificateFormat parsed).ShouldBeTrue();
            parsed.ShouldBe(format);
        }
        foreach (string? name in new[] { null, "", "Nginx", "unspecified", "Unspecified", "0", "2", "f5" })
            ForwardedCertificateFormats.TryParse(name, out _).ShouldBeFalse(name);
        Should.Throw<ArgumentOutOfRangeException>(() => ForwardedCertificateFormats.NameOf(ForwardedCertificateFormat.Unspecified));
    }

    [Theory]
    [InlineData("")]
    [InlineData("X Client")]
    [InlineData("X-Client:")]
    [InlineData("X-Clïent")]
    public void Refuses_what_is_no_field_name(string field) =>
        Should.Throw<ArgumentException>(() => ProxyText.Decoder(ForwardedCertificateFormat.Nginx, field));

    [Fact]
    public void Refuses_a_declaration_that_means_nothing()
    {
        Should.Throw<ArgumentException>(() => ProxyText.Decoder(ForwardedCertificateFormat.Unspecified));
        Should.Throw<ArgumentException>(() => ProxyText.Decoder((ForwardedCertificateFormat)99));
        Should.Throw<ArgumentException>(() => ProxyText.Decoder(ForwardedCertificateFormat.Nginx, "x-ssl-client-verify"));
        Should.Throw<ArgumentException>(() => ProxyText.Decoder(ForwardedCertificateFormat.Nginx, hops: 2));
        Should.Throw<ArgumentException>(() => ProxyText.Decoder(ForwardedCertificateFormat.EnvoyXfcc, hops: 0));
        Should.Throw<ArgumentException>(() => ProxyText.Decoder(ForwardedCertificateFormat.EnvoyXfcc, hops: 17));
    }

    [Fact]
    public void Reads_the_field_that_is_declared_and_no_other()
    {
        ForwardedCertificateDecoder decoder = ProxyText.Decoder(ForwardedCertificateFormat.Nginx, "SSL-Cert");
        decoder.Fields.ShouldBe(["SSL-Cert", "X-SSL-Client-Verify"]);
        decoder.Decode(("ssl-cert", ProxyText.Escaped(ProxyText.Client)), ("X-SSL-Client-Cert", ProxyText.Escaped(ProxyText.Other))).ShouldBe(ProxyText.Client);
        decoder.Decode(("X-SSL-Client-Cert", ProxyText.Escaped(ProxyText.Other))).ShouldBeNone();
    }
}
