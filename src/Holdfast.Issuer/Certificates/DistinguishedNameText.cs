using System.Text;

namespace Holdfast.Issuer;

/// <summary>
/// Reads the text of a distinguished name (RFC 4514 §3), for settings. Spaces around separators are taken, as RFC 2253 §4 lets: many tools write
/// them. The base class library reads another grammar, without escapes and without names of several attributes.
/// </summary>
internal sealed class DistinguishedNameText
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _text;
    private int _position;

    private DistinguishedNameText(string text) => _text = text;

    /// <summary>The name, or null and what is wrong with the text.</summary>
    public static DistinguishedName? TryParse(string text, out string problem)
    {
        try
        {
            problem = "";
            return new(new DistinguishedNameText(text).ReadName());
        }
        catch (FormatException e)
        {
            problem = e.Message;
            return null;
        }
    }

    private List<List<NameAttribute>> ReadName()
    {
        List<List<NameAttribute>> relativeNames = [[ReadAttribute()]];
        while (_position < _text.Length)
        {
            // Stands at a comma or a plus sign.
            bool isSameSet = _text[_position++] == '+';
            NameAttribute attribute = ReadAttribute();
            if (isSameSet)
                relativeNames[^1].Add(attribute);
            else
                relativeNames.Add([attribute]);
        }
        // MTLS-08, RFC 4514 §2.1: the text begins with the last relative name.
        relativeNames.Reverse();
        return relativeNames;
    }

    private NameAttribute ReadAttribute()
    {
        int equals = _text.IndexOf('=', _position);
        if (equals < 0)
            throw new FormatException("an attribute is a type, an equals sign and a value");
        string name = _text[_position..equals].Trim(' ');
        string type = AttributeTypes.TypeOf(name) ?? throw new FormatException($"the attribute type '{name}' is not known here; write its object identifier");
        _position = equals + 1;
        SkipSpaces();
        if (_position < _text.Length && _text[_position] == '#')
            return ReadHex(type);
        string value = ReadString();
        return value.Any(char.IsControl) || value.AsSpan().Trim(' ').IsEmpty
            ? throw new FormatException($"the value of {name} is empty or has control characters")
            : new(type, value, default);
    }

    // RFC 4514 §2.4: the octets of the encoded value.
    private NameAttribute ReadHex(string type)
    {
        int end = _text.AsSpan(_position).IndexOfAny(',', '+');
        end = end < 0 ? _text.Length : _position + end;
        ReadOnlySpan<char> hex = _text.AsSpan()[(_position + 1)..end].TrimEnd(' ');
        _position = end;
        if (hex.IsEmpty || hex.Length % 2 != 0 || hex.ContainsAnyExcept(HexDigits))
            throw new FormatException("after '#' stand pairs of hexadecimal digits");
        return NameAttribute.FromEncoded(type, Convert.FromHexString(hex));
    }

    private string ReadString()
    {
        var octets = new List<byte>();
        for (; _position < _text.Length && _text[_position] is not (',' or '+'); _position++)
        {
            char c = _text[_position];
            if (c is '"' or ';' or '<' or '>' or '\0')
                throw new FormatException($"'{c}' in a value is written with a backslash before it");
            if (c == '\\')
                octets.Add(ReadEscape());
            else if (char.IsHighSurrogate(c) && _position + 1 < _text.Length)
                octets.AddRange(Encode(_text.AsSpan(_position++, 2)));
            else
                octets.AddRange(Encode([c]));
        }
        try
        {
            return Utf8.GetString([.. octets]);
        }
        catch (DecoderFallbackException e)
        {
            throw new FormatException("the escaped octets are not UTF-8", e);
        }
    }

    // RFC 4514 §3, pair: a special character, or the two hexadecimal digits of an octet. Leaves the position at its last character.
    private byte ReadEscape()
    {
        ReadOnlySpan<char> rest = _text.AsSpan(_position + 1);
        if (rest.Length > 0 && "\\\"+,;<> #=".Contains(rest[0]))
        {
            _position++;
            return (byte)rest[0];
        }
        if (rest.Length > 1 && !rest[..2].ContainsAnyExcept(HexDigits))
        {
            _position += 2;
            return Convert.FromHexString(rest[..2])[0];
        }
        throw new FormatException("after a backslash stands a special character, or two hexadecimal digits");
    }

    private static byte[] Encode(ReadOnlySpan<char> characters)
    {
        try
        {
            return Utf8.GetBytes(characters.ToArray());
        }
        catch (EncoderFallbackException e)
        {
            throw new FormatException("it holds half a character", e);
        }
    }

    private void SkipSpaces()
    {
        while (_position < _text.Length && _text[_position] == ' ')
            _position++;
    }

    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdefABCDEF");
}
