using System.Formats.Asn1;

namespace Holdfast.Issuer;

/// <summary>
/// A distinguished name, compared as RFC 5280 §7.1 says: the order of relative names matters, that of the attributes within one does not; types are
/// the same whether written by name or number; text is compared by characters, without regard to case and insignificant spaces.
/// </summary>
internal sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    private readonly string _key;
    private readonly string _text;

    /// <summary>From its relative names in the order of the encoding: the most significant first.</summary>
    public DistinguishedName(IReadOnlyList<IReadOnlyList<NameAttribute>> relativeNames)
    {
        // MTLS-08, RFC 4514 §2.1, RFC 5280 §7.1: a sequence of sets.
        _key = string.Concat(relativeNames.Select(set => $"({string.Concat(set.Select(attribute => attribute.Key).Order(StringComparer.Ordinal))})"));
        // RFC 4514 §2.1: written from the last to the first.
        _text = string.Join(',', relativeNames.Reverse().Select(set => string.Join('+', set)));
    }

    /// <summary>Reads the encoding in a certificate; null where it is broken.</summary>
    public static DistinguishedName? TryRead(ReadOnlyMemory<byte> der)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            AsnReader sequence = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var relativeNames = new List<List<NameAttribute>>();
            while (sequence.HasData)
                relativeNames.Add(ReadSet(sequence.ReadSetOf(skipSortOrderValidation: true)));
            return new(relativeNames);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static List<NameAttribute> ReadSet(AsnReader set)
    {
        var attributes = new List<NameAttribute>(1);
        do
        {
            AsnReader attribute = set.ReadSequence();
            attributes.Add(NameAttribute.FromEncoded(attribute.ReadObjectIdentifier(), attribute.ReadEncodedValue()));
            attribute.ThrowIfNotEmpty();
        }
        while (set.HasData);
        return attributes;
    }

    public bool Equals(DistinguishedName? other) => other is not null && string.Equals(_key, other._key, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode() => _key.GetHashCode(StringComparison.Ordinal);

    /// <summary>As RFC 4514 writes it.</summary>
    public override string ToString() => _text;
}
