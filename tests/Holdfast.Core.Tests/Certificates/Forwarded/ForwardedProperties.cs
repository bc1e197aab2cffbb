using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Core.Tests.Forwarded;

/// <summary>What holds for every input.</summary>
public sealed class ForwardedProperties
{
    private static readonly string[] Scraps =
    [
        ":", "::", ",", ";", "=", "\"", "\\", "\\\"", " ", "\t", "%", "%0A", "%20", "%2B", "%22", "%252C", "+", "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----", "Hash=", "Cert=", "Chain=", "Subject=",
        "By=", "URI=", "DNS=", "0", "1", "SUCCESS", "NONE", "FAILED:x", "(null)", "{http.request.tls.client.certificate_der_base64}", "é", "\0", "\n", "AAAA", "MII",
        ProxyText.Hex(ProxyText.Client), ProxyText.Base64(ProxyText.Client), ProxyText.Escaped(ProxyText.Client), ProxyText.Sequence(ProxyText.Other), ProxyText.Escaped(ProxyText.Other),
    ];

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.ListOf(Gen.Elements(Scraps)).Select(string.Concat),
        Gen.ListOf(Gen.Choose(0, char.MaxValue).Select(c => ((char)c).ToString())).Select(string.Concat));

    private static readonly Gen<ForwardedCertificateFormat> Formats = Gen.Elements(ForwardedCertificateFormats.All.ToArray());

    private static void ForAll<T>(Gen<T> generator, Action<T> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(generator.ToArbitrary(), value => { holds(value); return true; }));

    // FWD-41
    [Fact]
    public void Nothing_throws_and_nothing_is_read_that_is_not_written() =>
        ForAll(Gen.Zip(Formats, Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 3), Noise), 3)), input =>
        {
            ForwardedCertificateDecoder decoder = ProxyText.Decoder(input.Item1);
            (string, string)[] lines = [.. input.Item2.Select(line => (decoder.Fields[line.Item1 % decoder.Fields.Count], line.Item2))];
            PresentedCertificate presented = decoder.Decode(lines);
            (presented.Certificate is null || presented.Fault is null).ShouldBeTrue();
            if (presented.Certificate is { } certificate)
                NaiveReading.States(lines.Select(line => line.Item2), certificate.Thumbprint).ShouldBeTrue();
        });

    // What a client may have put into its certificate, in the hope that Envoy writes it out.
    private static readonly Gen<string> Name = Gen.ListOf(Gen.Elements(
    [
        "x", "http://client", ",", ";", "\"", "\\", "=", " ", "By=y", $"Hash={ProxyText.Hex(ProxyText.Other)}", $"Cert=\"{ProxyText.Escaped(ProxyText.Other)}\"", $"Chain=\"{ProxyText.Escaped(ProxyText.Other)}\"",
        "Subject=\"", $",By=y;Hash={ProxyText.Hex(ProxyText.Other)}", $"\",Hash={ProxyText.Hex(ProxyText.Other)};Subject=\"", $";Hash={ProxyText.Hex(ProxyText.Other)}", "URI=", "DNS=",
    ])).Select(string.Concat);

    // RFC 2253 §2.4, as Envoy prints subjects.
    private static string Subject(string name) => "CN=" + System.Text.RegularExpressions.Regex.Replace(name, "([,+\"\\\\<>;])", "\\$1");

    // FWD-27, FWD-28, FWD-29, FWD-30: Envoy quotes the subject and neither URIs nor DNS names.
    [Fact]
    public void No_name_in_a_certificate_makes_it_another_one()
    {
        int accepted = 0;
        ForAll(Gen.Zip(Gen.Zip(Name, Name), Gen.Zip(Name, Gen.Choose(0, 15))), names =>
        {
            ((string subject, string uri), (string dns, int details)) = names;
            string element = $"By=http://us;Hash={ProxyText.Hex(ProxyText.Client)}"
                + ((details & 1) == 0 ? "" : $";Cert=\"{ProxyText.Escaped(ProxyText.Client)}\"")
                + ((details & 2) == 0 ? "" : $";Subject=\"{Subject(subject)}\"")
                + ((details & 4) == 0 ? "" : $";URI={uri}")
                + ((details & 8) == 0 ? "" : $";DNS={dns}");
            string hop = $"By=http://us;Hash={ProxyText.Hex(ProxyText.Root)};Subject=\"CN=edge\";URI=http://edge";
            foreach (PresentedCertificate presented in new[]
            {
                ProxyText.Decoder(ForwardedCertificateFormat.EnvoyXfcc).Decode(("X-Forwarded-Client-Cert", element)),
                ProxyText.Decoder(ForwardedCertificateFormat.EnvoyXfcc, hops: 2).Decode(("X-Forwarded-Client-Cert", $"{element},{hop}")),
            })
            {
                if (presented.Certificate is null)
                {
                    presented.ShouldBeUnreadable();
                    continue;
                }
                accepted++;
                presented.Certificate.Thumbprint.ShouldBe(CertificateThumbprint.Of(ProxyText.Client));
            }
        });
        accepted.ShouldBeGreaterThan(100);
    }
}
