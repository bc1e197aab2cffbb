using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Holdfast.AspNetCore;

/// <summary>The parts of a compact JWS, read strictly: the form first, then the header; the payload stays bytes until the signature holds.</summary>
internal sealed class CompactJwt
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private CompactJwt() { }

    public string? Typ { get; private set; }
    public string? Alg { get; private set; }
    public string? Kid { get; private set; }
    public required byte[] Payload { get; init; }
    public required byte[] Signature { get; init; }
    public required byte[] SigningInput { get; init; }

    /// <summary>Reads, or tells in <paramref name="problem"/> what is wrong with the form.</summary>
    public static CompactJwt? TryParse(string token, out string problem)
    {
        problem = "";
        // AT-24, rfc8725bis "Check JWT Format Type": the legal compact form is confirmed before anything is parsed.
        int first = token.IndexOf('.', StringComparison.Ordinal);
        int last = token.LastIndexOf('.');
        if (token.AsSpan().ContainsAnyExcept(Letters) || first < 0 || first == last || token.AsSpan(first + 1, last - first - 1).Contains('.'))
            return Fail("three parts in base64url, joined by dots", out problem);
        byte[]? header = Decode(token.AsSpan(0, first));
        byte[]? payload = Decode(token.AsSpan(first + 1, last - first - 1));
        byte[]? signature = Decode(token.AsSpan(last + 1));
        if (header is null || payload is null || signature is null)
            return Fail("non-empty parts in canonical base64url", out problem);

        var jwt = new CompactJwt
        {
            Payload = payload,
            Signature = signature,
            SigningInput = System.Text.Encoding.ASCII.GetBytes(token, 0, last),
        };
        return jwt.TryReadHeader(header, out problem) ? jwt : null;
    }

    private bool TryReadHeader(byte[] header, out string problem)
    {
        problem = "a JSON object in UTF-8 as header";
        if (!Utf8.IsValid(header))
            return false;
        try
        {
            var reader = new Utf8JsonReader(header, JwtClaims.JsonLimits);
            HashSet<string> names = new(StringComparer.Ordinal);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                if (!names.Add(name))
                {
                    problem = "each header parameter once";
                    return false;
                }
                // RFC 7515 §4.1.11: an extension that must be understood is not.
                if (name == "crit")
                {
                    problem = "no crit header parameter";
                    return false;
                }
                if (name is "typ" or "alg" or "kid" && !TrySet(name, ref reader))
                {
                    problem = "typ, alg and kid as strings";
                    return false;
                }
                reader.Skip();
            }
            return !reader.Read();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool TrySet(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
            return false;
        string value = reader.GetString()!;
        switch (name)
        {
            case "typ": Typ = value; break;
            case "alg": Alg = value; break;
            default: Kid = value; break;
        }
        return true;
    }

    private static byte[]? Decode(ReadOnlySpan<char> part)
    {
        byte[] bytes = new byte[StrictBase64Url.DecodedLength(part.Length)];
        return bytes.Length > 0 && StrictBase64Url.TryDecode(part, bytes, out int written) && written == bytes.Length ? bytes : null;
    }

    private static CompactJwt? Fail(string expected, out string problem)
    {
        problem = expected;
        return null;
    }
}
