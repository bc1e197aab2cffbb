using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>One attribute of a distinguished name: its type, and its value as text where it is text, and as encoded.</summary>
/// <param name="Type">The object identifier in dotted decimal.</param>
/// <param name="Text">The value, or null where it is no text or none that may be compared as such.</param>
/// <param name="Encoded">The value in DER.</param>
internal readonly record struct NameAttribute(string Type, string? Text, ReadOnlyMemory<byte> Encoded)
{
    /// <summary>From the encoded value, as in a certificate.</summary>
    public static NameAttribute FromEncoded(string type, ReadOnlyMemory<byte> encoded) => new(type, ReadText(encoded), encoded);

    /// <summary>What is compared: type, and prepared text or octets. The length keeps one attribute from reading like two.</summary>
    public string Key
    {
        get
        {
            string value = Text is null ? Convert.ToHexStringLower(Encoded.Span) : Prepare(Text);
            return string.Create(CultureInfo.InvariantCulture, $"{Type}{(Text is null ? '#' : '=')}{value.Length}:{value};");
        }
    }

    /// <summary>As RFC 4514 §2.4 writes it.</summary>
    public override string ToString() =>
        $"{AttributeTypes.NameOf(Type)}={(Text is null ? "#" + Convert.ToHexStringLower(Encoded.Span) : Escape(Text))}";

    // MTLS-44, RFC 5280 §7.1: the string types are compared by their characters, whichever type each side chose. A value that breaks the rules of
    // its own type, or holds control characters (NUL above all), is no text and equals nothing but the same octets.
    private static string? ReadText(ReadOnlyMemory<byte> encoded)
    {
        try
        {
            var reader = new AsnReader(encoded, AsnEncodingRules.DER);
            Asn1Tag tag = reader.PeekTag();
            var type = (UniversalTagNumber)tag.TagValue;
            if (tag.TagClass != TagClass.Universal || type is not (UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString
                or UniversalTagNumber.IA5String or UniversalTagNumber.BMPString or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString
                or UniversalTagNumber.T61String))
                return null;
            string text = reader.ReadCharacterString(type);
            // Software disagrees about what a TeletexString holds beyond ASCII.
            return reader.HasData || text.Length == 0 || text.Any(char.IsControl) || (type == UniversalTagNumber.T61String && !Ascii.IsValid(text)) ? null : text;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    // MTLS-08, RFC 4518 §2.2, §2.6.1: case and insignificant spaces make no difference. Deliberately less than the RFC folds: an ASCII character equals
    // ASCII characters only (not the Kelvin sign, not the long s), nothing is dropped, and composed and decomposed characters differ.
    private static string Prepare(string text)
    {
        var prepared = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == ' ')
            {
                if (prepared.Length > 0 && prepared[^1] != ' ')
                    prepared.Append(' ');
                continue;
            }
            // ASCII down and everything else up, so that nothing folded from elsewhere meets an ASCII letter.
            prepared.Append(rune.IsAscii ? Rune.ToLowerInvariant(rune) : Rune.ToUpperInvariant(rune));
        }
        return prepared.ToString().TrimEnd(' ');
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '"' or '+' or ',' or ';' or '<' or '>' or '\\' || (i == 0 && text[i] is ' ' or '#') || (i == text.Length - 1 && text[i] == ' '))
                escaped.Append('\\');
            escaped.Append(text[i]);
        }
        return escaped.ToString();
    }
}
