namespace Holdfast;

/// <summary>The raw lines of the fields of one format, in the order of its <see cref="FormatDecoder.Fields"/>. Equal where every line is.</summary>
internal readonly struct FormatLines(FieldLines[] fields) : IEquatable<FormatLines>
{
    private readonly FieldLines[] _fields = fields;

    /// <summary>The lines of one field.</summary>
    public FieldLines this[int field] => _fields[field];

    /// <summary>True where no field has a line.</summary>
    public bool IsAbsent => Array.TrueForAll(_fields, one => one.Count == 0);

    /// <summary>The characters of all lines.</summary>
    public long Length
    {
        get
        {
            long length = 0;
            foreach (FieldLines one in _fields)
            {
                for (int i = 0; i < one.Count; i++)
                    length += one[i].Length;
            }
            return length;
        }
    }

    /// <inheritdoc/>
    public bool Equals(FormatLines other) => _fields.AsSpan().SequenceEqual(other._fields);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FormatLines other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _fields[0].GetHashCode();
}
