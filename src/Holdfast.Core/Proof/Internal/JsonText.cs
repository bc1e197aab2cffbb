using System.Text.Json;

namespace Holdfast.Internal;

/// <summary>Reads a string value as unescaped UTF-8 without allocating: in place where it has no escapes, else into scratch.</summary>
internal ref struct JsonText(Span<byte> scratch)
{
    private Span<byte> _free = scratch;

    /// <summary>Moves to the value of the member just named and reads it; empty where it is not a string, which every check refuses.</summary>
    public ReadOnlySpan<byte> ReadMember(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return Read(ref reader);
        reader.TrySkip();
        return default;
    }

    /// <summary>Reads the string at which the reader stands.</summary>
    public ReadOnlySpan<byte> Read(scoped ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        int length = reader.CopyString(_free);
        ReadOnlySpan<byte> text = _free[..length];
        _free = _free[length..];
        return text;
    }
}
