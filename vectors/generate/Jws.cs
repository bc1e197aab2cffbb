using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>A compact JWS under construction: defaults for each member, and a place to spoil every step.</summary>
internal sealed class Jws(TestKey key)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(bool Header, string Name, bool Present, JsonNode? Value)> _changes = [];

    /// <summary>The key that the header shows, and that signs unless <see cref="Signer"/> is another.</summary>
    public TestKey Key { get; set; } = key;

    public TestKey? Signer { get; set; }

    /// <summary>The algorithm that signs; <c>alg</c> says the same unless it was changed.</summary>
    public string? Alg { get; set; }

    public Func<string, string> HeaderJson { get; set; } = json => json;

    public Func<string, string> PayloadJson { get; set; } = json => json;

    public Func<byte[], byte[]> HeaderOctets { get; set; } = octets => octets;

    public Func<byte[], byte[]> PayloadOctets { get; set; } = octets => octets;

    public Func<byte[], byte[]> Signature { get; set; } = signature => signature;

    /// <summary>The signature over this input instead of a usual one.</summary>
    public Func<byte[], byte[]>? SignWith { get; set; }

    /// <summary>The three parts after signing.</summary>
    public Func<string[], string[]> Parts { get; set; } = parts => parts;

    /// <summary>The text in the end.</summary>
    public Func<string, string> Text { get; set; } = text => text;

    public Jws Header(string name, JsonNode? value) => Change(true, name, true, value);

    public Jws NoHeader(string name) => Change(true, name, false, null);

    public Jws Claim(string name, JsonNode? value) => Change(false, name, true, value);

    public Jws NoClaim(string name) => Change(false, name, false, null);

    public string Build(JsonObject header, JsonObject claims)
    {
        foreach (var (inHeader, name, present, value) in _changes)
        {
            JsonObject target = inHeader ? header : claims;
            if (present)
                target[name] = value?.DeepClone();
            else
                target.Remove(name);
        }
        string first = Encode(HeaderOctets(Encoding.UTF8.GetBytes(HeaderJson(header.ToJsonString(Plain)))));
        string second = Encode(PayloadOctets(Encoding.UTF8.GetBytes(PayloadJson(claims.ToJsonString(Plain)))));
        byte[] input = Encoding.ASCII.GetBytes($"{first}.{second}");
        byte[] signature = Signature(SignWith?.Invoke(input) ?? (Signer ?? Key).Sign(Alg ?? (Signer ?? Key).Alg, input));
        return Text(string.Join('.', Parts([first, second, Encode(signature)])));
    }

    public static string Encode(ReadOnlySpan<byte> octets) => Base64Url.EncodeToString(octets);

    public static byte[] Decode(string text) => Base64Url.DecodeFromChars(text);

    private Jws Change(bool header, string name, bool present, JsonNode? value)
    {
        _changes.Add((header, name, present, value));
        return this;
    }
}
