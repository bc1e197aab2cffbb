using System.Security.Cryptography;
using System.Text.Json;

namespace Holdfast.Internal;

/// <summary>A public key as JSON shows it (RFC 7517, RFC 7518 §6): members as text, and whether private ones are among them.</summary>
internal ref struct PublicJwk
{
    public ReadOnlySpan<byte> Kty;
    public ReadOnlySpan<byte> Crv;
    public ReadOnlySpan<byte> X;
    public ReadOnlySpan<byte> Y;
    public ReadOnlySpan<byte> N;
    public ReadOnlySpan<byte> E;
    public bool HasPrivateMember;

    /// <summary>Reads the object at whose start the reader stands, and leaves it at its end.</summary>
    public static PublicJwk Read(scoped ref Utf8JsonReader reader, scoped ref JsonText text)
    {
        var jwk = new PublicJwk();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // The raw JSON is asked, not a parsed key object, which would drop what it does not need.
            jwk.HasPrivateMember |= IsPrivate(ref reader);
            if (reader.ValueTextEquals("kty"u8))
                jwk.Kty = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("crv"u8))
                jwk.Crv = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("x"u8))
                jwk.X = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("y"u8))
                jwk.Y = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("n"u8))
                jwk.N = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("e"u8))
                jwk.E = text.ReadMember(ref reader);
            else
                reader.TrySkip();
        }
        return jwk;
    }

    /// <summary>
    /// The thumbprint over the required members in lexical order (RFC 7638 §3.2). Unknown members never change it. The caller has
    /// checked that the members are canonical base64url, so one key has one thumbprint.
    /// </summary>
    public readonly JwkThumbprint Thumbprint()
    {
        // DPOP-V-38, RFC 7638 §3: the required members only, in lexical order, SHA-256, unpadded base64url.
        Span<byte> json = stackalloc byte[1024];
        int length = 0;
        if (Kty.SequenceEqual("EC"u8))
        {
            Append(json, ref length, "{\"crv\":\""u8, Crv);
            Append(json, ref length, "\",\"kty\":\"EC\",\"x\":\""u8, X);
            Append(json, ref length, "\",\"y\":\""u8, Y);
        }
        else
        {
            Append(json, ref length, "{\"e\":\""u8, E);
            Append(json, ref length, "\",\"kty\":\"RSA\",\"n\":\""u8, N);
        }
        Append(json, ref length, "\"}"u8, default);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(json[..length], hash);
        return new JwkThumbprint(hash);
    }

    private static void Append(Span<byte> json, ref int length, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        name.CopyTo(json[length..]);
        value.CopyTo(json[(length + name.Length)..]);
        length += name.Length + value.Length;
    }

    // d, p, q, dp, dq, qi, oth, k: RFC 7518 §6.2.2, §6.3.2, §6.4.1.
    private static bool IsPrivate(scoped ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("d"u8) || reader.ValueTextEquals("p"u8) || reader.ValueTextEquals("q"u8) || reader.ValueTextEquals("dp"u8) ||
        reader.ValueTextEquals("dq"u8) || reader.ValueTextEquals("qi"u8) || reader.ValueTextEquals("oth"u8) || reader.ValueTextEquals("k"u8);
}
