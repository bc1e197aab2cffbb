namespace Holdfast.Internal;

/// <summary>The path (RFC 3986 §3.3, §6.2.2): escapes first, then dot segments; nothing else changes (DPOP-V-17, DPOP-V-18).</summary>
internal static class TargetPath
{
    public static bool TryRead(ReadOnlySpan<char> path, ref TargetWriter writer)
    {
        // DPOP-V-17, RFC 3986 §6.2.3: an empty path is "/".
        if (path.IsEmpty)
        {
            writer.Write('/');
            return true;
        }
        if (path[0] != '/' || !TargetCharacters.IsPath(path))
            return false;

        int root = writer.Length;
        int segment = root;
        for (int i = 0; i < path.Length; i++)
        {
            char c = path[i];
            if (c == '/')
            {
                if (i > 0)
                    RemoveDotSegment(root, segment, ref writer);
                segment = writer.Length;
                writer.Write('/');
            }
            else if (c == '%')
            {
                if (!TargetCharacters.TryReadEscape(path[i..], out char octet))
                    return false;
                WriteOctet(octet, ref writer);
                i += 2;
            }
            else
            {
                writer.Write(c);
            }
        }
        if (RemoveDotSegment(root, segment, ref writer))
            writer.Write('/');
        return true;
    }

    // DPOP-V-17, DPOP-V-18, RFC 3986 §6.2.2.2: only unreserved octets are decoded; of the others, the hex digits are in upper case.
    private static void WriteOctet(char octet, ref TargetWriter writer)
    {
        if (TargetCharacters.IsUnreserved(octet))
        {
            writer.Write(octet);
            return;
        }
        const string Hex = "0123456789ABCDEF";
        writer.Write('%');
        writer.Write(Hex[octet >> 4]);
        writer.Write(Hex[octet & 0xF]);
    }

    // DPOP-V-17, RFC 3986 §5.2.4: takes back "/." and "/.." with the segment before it. True where something was taken back.
    private static bool RemoveDotSegment(int root, int segment, ref TargetWriter writer)
    {
        switch (writer.Written[segment..])
        {
            case "/.":
                writer.Truncate(segment);
                return true;
            case "/..":
                int parent = writer.Written[root..segment].LastIndexOf('/');
                writer.Truncate(parent < 0 ? root : root + parent);
                return true;
            default:
                return false;
        }
    }
}
