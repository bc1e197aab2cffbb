using System.Buffers;

namespace Holdfast.Issuer;

/// <summary>The attribute types of names: those of RFC 4514 §3 and others that certificates of machines carry. All others by object identifier.</summary>
internal static class AttributeTypes
{
    // The first name of a type is the one it is written with.
    private static readonly (string Name, string Type)[] Known =
    [
        ("CN", "2.5.4.3"), ("commonName", "2.5.4.3"),
        ("L", "2.5.4.7"), ("localityName", "2.5.4.7"),
        ("ST", "2.5.4.8"), ("S", "2.5.4.8"), ("stateOrProvinceName", "2.5.4.8"),
        ("O", "2.5.4.10"), ("organizationName", "2.5.4.10"),
        ("OU", "2.5.4.11"), ("organizationalUnitName", "2.5.4.11"),
        ("C", "2.5.4.6"), ("countryName", "2.5.4.6"),
        ("STREET", "2.5.4.9"), ("streetAddress", "2.5.4.9"),
        ("DC", "0.9.2342.19200300.100.1.25"), ("domainComponent", "0.9.2342.19200300.100.1.25"),
        ("UID", "0.9.2342.19200300.100.1.1"), ("userId", "0.9.2342.19200300.100.1.1"),
        ("SN", "2.5.4.4"), ("surname", "2.5.4.4"),
        ("GN", "2.5.4.42"), ("G", "2.5.4.42"), ("givenName", "2.5.4.42"),
        ("serialNumber", "2.5.4.5"),
        ("title", "2.5.4.12"), ("T", "2.5.4.12"),
        ("description", "2.5.4.13"),
        ("businessCategory", "2.5.4.15"),
        ("postalCode", "2.5.4.17"),
        ("name", "2.5.4.41"),
        ("initials", "2.5.4.43"),
        ("generationQualifier", "2.5.4.44"),
        ("dnQualifier", "2.5.4.46"),
        ("pseudonym", "2.5.4.65"),
        ("organizationIdentifier", "2.5.4.97"),
        ("emailAddress", "1.2.840.113549.1.9.1"), ("E", "1.2.840.113549.1.9.1"),
        ("unstructuredName", "1.2.840.113549.1.9.2"),
    ];

    private static readonly Dictionary<string, string> ByName =
        Known.ToDictionary(known => known.Name, known => known.Type, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> ByType =
        Known.DistinctBy(known => known.Type, StringComparer.Ordinal).ToDictionary(known => known.Type, known => known.Name, StringComparer.Ordinal);

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The object identifier of a name or of one in dotted decimal, or null.</summary>
    public static string? TypeOf(string text)
    {
        if (ByName.TryGetValue(text, out string? type))
            return type;
        // RFC 2253 §4: some write OID. before it.
        string dotted = text.StartsWith("OID.", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        return IsObjectIdentifier(dotted) ? dotted : null;
    }

    /// <summary>The name of an object identifier, or itself.</summary>
    public static string NameOf(string type) => ByType.GetValueOrDefault(type, type);

    // RFC 4512 §1.4: numbers without leading zeros, separated by dots.
    private static bool IsObjectIdentifier(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(Digits))
            return false;
        string[] arcs = text.Split('.');
        return arcs.Length > 1 && arcs[0] is "0" or "1" or "2" && Array.TrueForAll(arcs, arc => arc.Length == 1 || (arc.Length > 1 && arc[0] != '0'));
    }
}
