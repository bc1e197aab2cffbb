using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Holdfast;

/// <summary>What is wrong with a JSON text.</summary>
public enum JsonFault
{
    /// <summary>Not JSON, not UTF-8, not an object, too deep, too many members, or an escape that stands for no character.</summary>
    Malformed = 0,
    /// <summary>A member name occurs twice in one object, however it is escaped.</summary>
    Duplicate = 1,
    /// <summary>Nothing.</summary>
    None = 2,
}

/// <summary>
/// JSON as a security protocol must read it (RFC 7515 §4, RFC 8259 §4): one object, valid UTF-8, no member name twice at any depth,
/// every string decodable, depth and member count bounded. Readers that run after this check cannot be surprised.
/// </summary>
public static class StrictJson
{
    /// <summary>Objects and arrays may nest this deep: deeper than any token in use, and nothing that costs a stack.</summary>
    public const int MaxDepth = 16;

    /// <summary>An object and those it is nested in may have this many members together.</summary>
    public const int MaxMembers = 128;

    private const int StackLimit = 1024;

    /// <summary>Checks a whole text. Linear in its length, but for the comparison of at most <see cref="MaxMembers"/> names.</summary>
    public static JsonFault Check(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
            return JsonFault.Malformed;
        byte[]? rented = utf8.Length > StackLimit ? ArrayPool<byte>.Shared.Rent(utf8.Length) : null;
        Span<byte> scratch = rented ?? stackalloc byte[StackLimit];
        try
        {
            return Walk(utf8, scratch);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The reader throws JsonException for bad syntax, InvalidOperationException for an escaped lone surrogate.
            return JsonFault.Malformed;
        }
        finally
        {
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static JsonFault Walk(ReadOnlySpan<byte> utf8, Span<byte> scratch)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        Span<(int Start, int Length)> names = stackalloc (int, int)[MaxMembers];
        Span<int> firstNameAtDepth = stackalloc int[MaxDepth + 1];
        int nameCount = 0, used = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                firstNameAtDepth[reader.CurrentDepth] = nameCount;
            else if (reader.CurrentDepth == 0 && reader.TokenType != JsonTokenType.EndObject)
                return JsonFault.Malformed;
            else if (reader.TokenType == JsonTokenType.EndObject)
                nameCount = firstNameAtDepth[reader.CurrentDepth];
            else if (reader.TokenType == JsonTokenType.PropertyName)
            {
                if (nameCount == MaxMembers)
                    return JsonFault.Malformed;
                int length = reader.CopyString(scratch[used..]);
                ReadOnlySpan<byte> name = scratch.Slice(used, length);
                for (int i = firstNameAtDepth[reader.CurrentDepth - 1]; i < nameCount; i++)
                {
                    if (name.SequenceEqual(scratch.Slice(names[i].Start, names[i].Length)))
                        return JsonFault.Duplicate;
                }
                names[nameCount++] = (used, length);
                used += length;
            }
            else if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
            {
                reader.CopyString(scratch[used..]);
            }
        }
        return JsonFault.None;
    }
}
