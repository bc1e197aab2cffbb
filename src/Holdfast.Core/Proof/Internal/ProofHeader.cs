using System.Text.Json;

namespace Holdfast.Internal;

/// <summary>
/// The members of a proof's header that matter, collected without judging them. <c>jku</c>, <c>x5u</c>, <c>x5c</c> and <c>kid</c> are not
/// even read: the key comes from <c>jwk</c> alone.
/// </summary>
internal ref struct ProofHeader
{
    public ReadOnlySpan<byte> Typ;
    public ReadOnlySpan<byte> Alg;
    public bool HasCrit;
    public bool HasJwk;
    public PublicJwk Jwk;

    /// <summary>Reads JSON that <see cref="StrictJson"/> found good.</summary>
    public static ProofHeader Read(ReadOnlySpan<byte> json, Span<byte> scratch)
    {
        var header = new ProofHeader();
        var text = new JsonText(scratch);
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("typ"u8))
                header.Typ = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("alg"u8))
                header.Alg = text.ReadMember(ref reader);
            else if (reader.ValueTextEquals("crit"u8))
                (header.HasCrit, _) = (true, reader.TrySkip());
            else if (reader.ValueTextEquals("jwk"u8))
            {
                reader.Read();
                header.HasJwk = reader.TokenType == JsonTokenType.StartObject;
                if (header.HasJwk)
                    header.Jwk = PublicJwk.Read(ref reader, ref text);
                else
                    reader.TrySkip();
            }
            else
                reader.TrySkip();
        }
        return header;
    }
}
