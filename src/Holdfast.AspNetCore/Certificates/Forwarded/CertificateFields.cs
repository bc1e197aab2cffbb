using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.AspNetCore;

/// <summary>Finds the fields of a request that carry or describe a client certificate in any format, in every spelling (FWD-20, FWD-21).</summary>
internal sealed class CertificateFields
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _known;
    private readonly int _shortest;
    private readonly int _longest;

    /// <summary>Those of all formats, and those that were declared under names of their own.</summary>
    public CertificateFields(ForwardedCertificateListeners listeners)
    {
        FrozenSet<string> names = ForwardedCertificateFormats.AllFields.Concat(listeners.All.SelectMany(listener => listener.Decoder.Fields))
            .ToFrozenSet(FieldSpelling.Comparer);
        _known = names.GetAlternateLookup<ReadOnlySpan<char>>();
        (_shortest, _longest) = (names.Min(name => name.Length), names.Max(name => name.Length));
    }

    /// <summary>
    /// The names as they arrived, but for those that <paramref name="listener"/> reads. Null where there are none, which is the usual case and
    /// allocates no list.
    /// </summary>
    public List<string>? Find(IHeaderDictionary headers, ForwardedCertificateListener? listener)
    {
        List<string>? found = null;
        foreach (KeyValuePair<string, StringValues> field in headers)
        {
            if (IsKnown(field.Key) && listener?.Reads(field.Key) != true)
                (found ??= []).Add(field.Key);
        }
        return found;
    }

    /// <summary>
    /// The names that <c>Connection</c> lists: a proxy would take such a field away, its own as well (RFC 9110 §7.6.1). Null where there are none.
    /// Kestrel shows no <c>Connection</c> field in which it finds an option of its own; then a field that was taken away is simply absent.
    /// </summary>
    public List<string>? FindInConnection(IHeaderDictionary headers)
    {
        List<string>? found = null;
        foreach (string? line in headers.Connection)
        {
            foreach (Range token in line.AsSpan().Split(','))
            {
                ReadOnlySpan<char> name = line.AsSpan()[token].Trim(" \t");
                if (IsKnown(name))
                    (found ??= []).Add(name.ToString());
            }
        }
        return found;
    }

    private bool IsKnown(ReadOnlySpan<char> name) => name.Length >= _shortest && name.Length <= _longest && _known.Contains(name);
}
