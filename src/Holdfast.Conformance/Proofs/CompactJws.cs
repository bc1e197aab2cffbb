using System.Buffers.Text;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>
/// A JWS in compact form (RFC 7515 §3.1) that can be taken apart and put together wrongly: it writes what it is told and checks nothing.
/// </summary>
/// <param name="Header">The first segment, encoded.</param>
/// <param name="Payload">The second segment, encoded.</param>
/// <param name="Signature">The third segment, encoded; may be empty.</param>
public sealed record CompactJws(string Header, string Payload, string Signature)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Signs a header and a payload with <paramref name="sign"/>, which is given the signing input.</summary>
    public static CompactJws Create(JsonObject header, JsonObject payload, Func<byte[], byte[]> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        var (first, second) = (Encode(header), Encode(payload));
        var signature = sign(Encoding.ASCII.GetBytes($"{first}.{second}"));
        return new CompactJws(first, second, Base64Url.EncodeToString(signature));
    }

    /// <summary>Splits at the two dots.</summary>
    /// <exception cref="FormatException">There are not exactly two.</exception>
    public static CompactJws Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('.') is [var header, var payload, var signature]
            ? new CompactJws(header, payload, signature)
            : throw new FormatException("a compact JWS has three segments");
    }

    /// <summary>The header, decoded. A new object at each call.</summary>
    public JsonObject HeaderObject => Decode(Header);

    /// <summary>The payload, decoded. A new object at each call.</summary>
    public JsonObject PayloadObject => Decode(Payload);

    /// <summary>Another value for one claim; the signature stays as it was.</summary>
    public CompactJws WithClaim(string name, JsonNode value)
    {
        var payload = PayloadObject;
        payload[name] = value;
        return this with { Payload = Encode(payload) };
    }

    /// <summary>Another value for one header parameter; the signature stays as it was.</summary>
    public CompactJws WithHeader(string name, JsonNode value)
    {
        var header = HeaderObject;
        header[name] = value;
        return this with { Header = Encode(header) };
    }

    /// <summary>The same signature respelled: bits that the decoder drops are set in the last character (RFC 4648 §3.5).</summary>
    public CompactJws WithRespelledSignature()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return Signature.Length % 4 == 0
            ? this with { Signature = Signature + "=" }
            : this with { Signature = Signature[..^1] + Alphabet[Alphabet.IndexOf(Signature[^1], StringComparison.Ordinal) | 1] };
    }

    /// <summary>
    /// The other signature that anyone can compute from an ECDSA one: (r, n − s) verifies wherever (r, s) does. Null for other algorithms.
    /// </summary>
    public CompactJws? WithMalleatedSignature()
    {
        if (GroupOrder((string?)HeaderObject["alg"]) is not { } order)
            return null;
        var signature = Base64Url.DecodeFromChars(Signature);
        var half = signature.Length / 2;
        var s = order - new BigInteger(signature.AsSpan(half), isUnsigned: true, isBigEndian: true);
        var mirrored = s.ToByteArray(isUnsigned: true, isBigEndian: true);
        signature.AsSpan(half).Clear();
        mirrored.CopyTo(signature.AsSpan(signature.Length - mirrored.Length));
        return this with { Signature = Base64Url.EncodeToString(signature) };
    }

    /// <summary>The three segments with dots between them.</summary>
    public override string ToString() => $"{Header}.{Payload}.{Signature}";

    internal static string Write(JsonObject value) => value.ToJsonString(Plain);

    private static string Encode(JsonObject value) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Write(value)));

    private static JsonObject Decode(string segment) =>
        JsonNode.Parse(Base64Url.DecodeFromChars(segment))?.AsObject() ?? throw new FormatException("the segment is not a JSON object");

    // FIPS 186-4 appendix D.1.2: the order n of each curve.
    private static BigInteger? GroupOrder(string? algorithm) => algorithm switch
    {
        "ES256" => Order("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        "ES384" => Order("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"),
        "ES512" => Order("01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
            + "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409"),
        _ => null,
    };

    private static BigInteger Order(string hex) => new(Convert.FromHexString(hex), isUnsigned: true, isBigEndian: true);
}
