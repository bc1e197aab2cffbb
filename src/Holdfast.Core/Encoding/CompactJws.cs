using System.Buffers;

namespace Holdfast;

/// <summary>
/// The three parts of a compact JWS (RFC 7515 §3.1), split and nothing more: exactly two dots, only base64url letters between them.
/// The signature may be empty here; whoever verifies it refuses that.
/// </summary>
public readonly ref struct CompactJws
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private CompactJws(ReadOnlySpan<char> text, int firstDot, int secondDot)
    {
        Header = text[..firstDot];
        Payload = text[(firstDot + 1)..secondDot];
        Signature = text[(secondDot + 1)..];
        SigningInput = text[..secondDot];
    }

    /// <summary>The encoded header.</summary>
    public ReadOnlySpan<char> Header { get; }

    /// <summary>The encoded payload.</summary>
    public ReadOnlySpan<char> Payload { get; }

    /// <summary>The encoded signature.</summary>
    public ReadOnlySpan<char> Signature { get; }

    /// <summary>Header, dot, payload: what is signed.</summary>
    public ReadOnlySpan<char> SigningInput { get; }

    /// <summary>Splits, or says no (AT-24: the format is confirmed before anything is parsed).</summary>
    public static bool TrySplit(ReadOnlySpan<char> text, out CompactJws jws)
    {
        jws = default;
        if (text.ContainsAnyExcept(Alphabet))
            return false;
        int firstDot = text.IndexOf('.');
        if (firstDot <= 0)
            return false;
        int length = text[(firstDot + 1)..].IndexOf('.');
        if (length <= 0)
            return false;
        int secondDot = firstDot + 1 + length;
        if (text[(secondDot + 1)..].Contains('.'))
            return false;
        jws = new(text, firstDot, secondDot);
        return true;
    }
}
