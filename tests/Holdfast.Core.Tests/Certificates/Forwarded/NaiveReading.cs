using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Holdfast.Core.Tests.Forwarded;

/// <summary>
/// Everything that somebody without any knowledge of formats could take for a certificate in some texts: each run of base64, escaped or not,
/// across line ends or not, and each hexadecimal hash. What a decoder reads is among it, or it was made up.
/// </summary>
internal static class NaiveReading
{
    public static bool States(IEnumerable<string> texts, CertificateThumbprint thumbprint)
    {
        string expected = thumbprint.ToString();
        return texts.SelectMany(Spellings).Any(text => Hashes(text).Contains(expected));
    }

    private static IEnumerable<string> Spellings(string text)
    {
        foreach (string spelling in new[] { text, Uri.UnescapeDataString(text) })
        {
            yield return spelling;
            yield return Regex.Replace(spelling, "[ \n]", "");
        }
    }

    private static IEnumerable<string> Hashes(string text)
    {
        foreach (Match hex in Regex.Matches(text, "[0-9A-Fa-f]{64}"))
            yield return Url(Convert.FromHexString(hex.Value));
        foreach (Match run in Regex.Matches(text, "[A-Za-z0-9+/]{40,}={0,2}"))
        {
            byte[] octets = new byte[run.Length];
            if (Convert.TryFromBase64String(run.Value, octets, out int written))
                yield return Url(SHA256.HashData(octets.AsSpan(0, written)));
        }
    }

    private static string Url(byte[] octets) => System.Buffers.Text.Base64Url.EncodeToString(octets);
}
