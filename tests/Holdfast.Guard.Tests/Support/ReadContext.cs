using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Guard.Tests;

/// <summary>A context as a foreign upstream would read it, on the base class library alone.</summary>
public sealed record ReadContext(JsonElement Header, JsonElement Claims, string Text)
{
    public static ReadContext Parse(string text)
    {
        string[] parts = text.Split('.');
        parts.Length.ShouldBe(3);
        return new(JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement, JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement, text);
    }

    public string? String(string claim) => Claims.TryGetProperty(claim, out JsonElement value) ? value.GetString() : null;

    /// <summary>True where a key of this set, with the identifier in the header, made the signature.</summary>
    public bool IsSignedByOneOf(string jwks)
    {
        string kid = Header.GetProperty("kid").GetString()!;
        foreach (JsonElement key in JsonDocument.Parse(jwks).RootElement.GetProperty("keys").EnumerateArray().Where(key => key.GetProperty("kid").GetString() == kid))
        {
            key.GetProperty("alg").GetString().ShouldBe("ES256");
            key.GetProperty("use").GetString().ShouldBe("sig");
            key.TryGetProperty("d", out _).ShouldBeFalse();
            using ECDsa ec = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new() { X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()), Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()) },
            });
            int dot = Text.LastIndexOf('.');
            return ec.VerifyData(Encoding.ASCII.GetBytes(Text[..dot]), Base64Url.DecodeFromChars(Text.AsSpan(dot + 1)), HashAlgorithmName.SHA256);
        }
        return false;
    }
}
