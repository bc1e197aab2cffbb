using System.Text.Json;

namespace Holdfast.Internal;

/// <summary>The claims of a proof, collected without judging them. Unknown claims are allowed and ignored (RFC 9449 §4.2).</summary>
internal ref struct ProofClaims
{
    public Member Htm;
    public Member Htu;
    public Member Jti;
    public Member Ath;
    public Member Nonce;
    public NumericDate Iat;
    public NumericDate Exp;

    /// <summary>A string claim: absent, of another type, or its text.</summary>
    public ref struct Member
    {
        public bool Present;
        public bool IsString;
        public ReadOnlySpan<byte> Text;
    }

    /// <summary>Reads JSON that <see cref="StrictJson"/> found good.</summary>
    public static ProofClaims Read(ReadOnlySpan<byte> json, Span<byte> scratch)
    {
        var claims = new ProofClaims();
        var text = new JsonText(scratch);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("htm"u8))
                claims.Htm = ReadMember(ref reader, ref text);
            else if (reader.ValueTextEquals("htu"u8))
                claims.Htu = ReadMember(ref reader, ref text);
            else if (reader.ValueTextEquals("jti"u8))
                claims.Jti = ReadMember(ref reader, ref text);
            else if (reader.ValueTextEquals("ath"u8))
                claims.Ath = ReadMember(ref reader, ref text);
            else if (reader.ValueTextEquals("nonce"u8))
                claims.Nonce = ReadMember(ref reader, ref text);
            else if (reader.ValueTextEquals("iat"u8))
                claims.Iat = NumericDate.Read(ref reader);
            else if (reader.ValueTextEquals("exp"u8))
                claims.Exp = NumericDate.Read(ref reader);
            else
                reader.TrySkip();
        }
        return claims;
    }

    private static Member ReadMember(scoped ref Utf8JsonReader reader, scoped ref JsonText text)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return new() { Present = true, IsString = true, Text = text.Read(ref reader) };
        reader.TrySkip();
        return new() { Present = true };
    }
}
