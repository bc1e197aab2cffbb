using System.Text;

namespace Holdfast.Guard.Internal;

/// <summary>
/// How an upstream might read a path at its most generous: escapes decoded, also twice; backslashes as slashes; repeated slashes as one; dot segments
/// removed; parameters after <c>;</c> and the case of letters without meaning. A path that such an upstream would take for one of another route must
/// not be decided by the route it names literally.
/// </summary>
internal static class PathReading
{
    private const int MaxRounds = 3;

    /// <summary>The loosest reading, in the case it was written; null where escapes within escapes have no end.</summary>
    public static string? Loosest(string path)
    {
        string text = path;
        for (int round = 0; ; round++)
        {
            string decoded = Decode(text);
            if (decoded == text)
                return Flatten(text);
            if (round == MaxRounds)
                return null;
            text = decoded;
        }
    }

    /// <summary>True where some reading has a <c>.</c> or <c>..</c> segment, or escapes within escapes have no end.</summary>
    public static bool HasDotSegment(string path)
    {
        string text = path;
        for (int round = 0; round <= MaxRounds; round++)
        {
            foreach (string raw in text.Replace('\\', '/').Split('/'))
            {
                int parameters = raw.IndexOf(';', StringComparison.Ordinal);
                if ((parameters < 0 ? raw : raw[..parameters]) is "." or "..")
                    return true;
            }
            string decoded = Decode(text);
            if (decoded == text)
                return false;
            text = decoded;
        }
        return true;
    }

    private static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
            return text;
        var decoded = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                decoded.Append((char)Convert.ToInt32(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                decoded.Append(text[i]);
            }
        }
        return decoded.ToString();
    }

    private static string Flatten(string text)
    {
        var segments = new List<string>();
        bool endsWithSlash = false;
        foreach (string raw in text.Replace('\\', '/').Split('/'))
        {
            int parameters = raw.IndexOf(';', StringComparison.Ordinal);
            string segment = parameters < 0 ? raw : raw[..parameters];
            endsWithSlash = segment is "" or "." or "..";
            if (segment == ".." && segments.Count > 0)
                segments.RemoveAt(segments.Count - 1);
            else if (!endsWithSlash)
                segments.Add(segment);
        }
        return "/" + string.Join('/', segments) + (endsWithSlash && segments.Count > 0 ? "/" : "");
    }
}
