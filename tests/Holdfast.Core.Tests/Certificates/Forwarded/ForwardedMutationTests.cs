using System.Text;

namespace Holdfast.Core.Tests.Forwarded;

/// <summary>
/// Two hundred thousand mutated requests over all formats: never an exception out of a decoder, never a certificate that the request does not
/// state. The seed is random and printed with a failure.
/// </summary>
public class ForwardedMutationTests
{
    private const int Mutants = 200_000;

    private static readonly string[] Scraps = ["\"", ",", ";", "=", ":", "\\", "%", "%2C", "%0A", "%25", " ", "\t", "\n", "+", "Hash=", "Cert=", "é", "\0", "(null)", "-----END CERTIFICATE-----", ",:"];

    // FWD-41
    [Fact]
    public void Neither_throws_nor_reads_a_certificate_that_is_not_there()
    {
        int seed = Random.Shared.Next();
        int accepted = 0, refused = 0;
        Parallel.For(0, Environment.ProcessorCount, worker =>
        {
            var random = new Random(seed + worker);
            (ForwardedCertificateDecoder Decoder, (string Name, string Value)[][] Written)[] formats = [.. ForwardedCertificateFormats.All.Select(format => (ProxyText.Decoder(format), Originals(format)))];
            for (int i = 0; i < Mutants / Environment.ProcessorCount; i++)
            {
                (ForwardedCertificateDecoder decoder, (string, string)[][] written) = formats[i % formats.Length];
                (string Name, string Value)[] mutant = Mutate(written[random.Next(written.Length)], decoder.Fields, random);
                try
                {
                    PresentedCertificate presented = decoder.Decode(mutant);
                    if (presented.Certificate is not { } certificate)
                    {
                        Interlocked.Increment(ref refused);
                        continue;
                    }
                    Interlocked.Increment(ref accepted);
                    NaiveReading.States(mutant.Select(line => line.Value), certificate.Thumbprint).ShouldBeTrue();
                    certificate.Chain.Count.ShouldBeLessThanOrEqualTo(ForwardedCertificateDecoder.MaxChain);
                }
                catch (Exception fault)
                {
                    throw new InvalidOperationException($"seed {seed}, worker {worker}: {string.Join(" | ", mutant)}", fault);
                }
            }
        });
        // Both happen, or nothing was tried.
        accepted.ShouldBeGreaterThan(1_000);
        refused.ShouldBeGreaterThan(100_000);
    }

    // The same with a chain, with a broken certificate, and what was written for another format.
    private static (string, string)[][] Originals(ForwardedCertificateFormat format)
    {
        byte[] spoiled = [.. ProxyText.Client];
        spoiled[20] ^= 1;
        (string Name, string Value)[] plain = FormatTests.Written(format, ProxyText.Client);
        (string, string)[] chained = format switch
        {
            ForwardedCertificateFormat.Rfc9440 => [.. plain, ("Client-Cert-Chain", $"{ProxyText.Sequence(ProxyText.Intermediate)}, {ProxyText.Sequence(ProxyText.Root)}")],
            ForwardedCertificateFormat.EnvoyXfcc => [(plain[0].Name, plain[0].Value + $";Chain=\"{ProxyText.Escaped(ProxyText.Client, ProxyText.Root)}\";Subject=\"CN=a\\,b\";URI=spiffe://a/b;DNS=a")],
            ForwardedCertificateFormat.HAProxy => [.. plain, ("X-SSL-Client-Chain", ProxyText.Base64([.. ProxyText.Intermediate, .. ProxyText.Root]))],
            ForwardedCertificateFormat.Traefik => [(plain[0].Name, $"{plain[0].Value},{ProxyText.Base64(ProxyText.Root)}")],
            ForwardedCertificateFormat.AwsAlb => [(plain[0].Name, ProxyText.AwsEscaped(ProxyText.Client, ProxyText.Root))],
            ForwardedCertificateFormat.Nginx or ForwardedCertificateFormat.Apache => [.. plain, ("X-SSL-Client-Verify", "SUCCESS")],
            _ => plain,
        };
        ForwardedCertificateFormat other = ForwardedCertificateFormats.All[((int)format + 2) % ForwardedCertificateFormats.All.Count];
        return [plain, chained, FormatTests.Written(format, spoiled), [(plain[0].Name, FormatTests.Written(other, ProxyText.Client)[0].Item2), .. plain[1..]]];
    }

    private static (string, string)[] Mutate((string Name, string Value)[] written, IReadOnlyList<string> fields, Random random)
    {
        List<(string Name, string Value)> lines = [.. written];
        for (int rounds = random.Next(1, 4); rounds > 0; rounds--)
        {
            int at = random.Next(lines.Count);
            (string name, string value) = lines[at];
            int place = random.Next(value.Length + 1);
            switch (random.Next(10))
            {
                case 0: // one character of any kind
                    lines[at] = (name, Replace(value, place, (char)random.Next(256)));
                    break;
                case 1: // one letter
                    lines[at] = (name, Replace(value, place, "ABCabc0189+/="[random.Next(13)]));
                    break;
                case 2: // cut at either end
                    lines[at] = (name, random.Next(2) == 0 ? value[..place] : value[place..]);
                    break;
                case 3: // a piece twice
                    lines[at] = (name, value.Insert(place, value.Substring(place, random.Next(Math.Min(100, value.Length - place + 1)))));
                    break;
                case 4: // something that means something somewhere
                    lines[at] = (name, value.Insert(place, Scraps[random.Next(Scraps.Length)]));
                    break;
                case 5: // the same line again
                    lines.Insert(random.Next(lines.Count + 1), lines[at]);
                    break;
                case 6: // in another field, or spelled otherwise
                    lines[at] = (random.Next(2) == 0 ? fields[random.Next(fields.Count)] : name.ToUpperInvariant(), value);
                    break;
                case 7: // escaped once more, or unescaped
                    lines[at] = (name, random.Next(2) == 0 ? Uri.EscapeDataString(value) : Uri.UnescapeDataString(value));
                    break;
                case 8: // nothing
                    lines[at] = (name, "");
                    break;
                default: // letters in the other case
                    lines[at] = (name, new StringBuilder(value.Length).Append(value.AsSpan(0, place)).Append(value[place..].ToUpperInvariant()).ToString());
                    break;
            }
        }
        return [.. lines];
    }

    private static string Replace(string text, int at, char with) =>
        at == text.Length ? text + with : string.Concat(text.AsSpan(0, at), new string(with, 1), text.AsSpan(at + 1));
}
