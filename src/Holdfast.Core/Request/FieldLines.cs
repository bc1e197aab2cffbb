namespace Holdfast;

/// <summary>
/// The raw lines of one HTTP field, as they arrived: none, one, or several. Never joined, so that a second
/// <c>DPoP</c> or <c>Authorization</c> line can be counted (RFC 9449 §4.3 step 1). Costs nothing for one line.
/// </summary>
public readonly struct FieldLines : IEquatable<FieldLines>
{
    private readonly object? _lines;

    /// <summary>One line; a null line means that the field is absent.</summary>
    public FieldLines(string? line) => _lines = line;

    /// <summary>Any number of lines, in order of arrival.</summary>
    public FieldLines(string[] lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        _lines = lines.Length switch { 0 => null, 1 => lines[0], _ => lines };
    }

    /// <summary>No line: the field is absent.</summary>
    public static FieldLines None => default;

    /// <summary>The number of lines. An empty line counts: an empty field is present (and malformed), not absent.</summary>
    public int Count => _lines switch { null => 0, string => 1, string[] many => many.Length, _ => 0 };

    /// <summary>The only line, or null where there is none or more than one.</summary>
    public string? Single => _lines as string;

    /// <summary>The line at <paramref name="index"/>.</summary>
    public string this[int index] => _lines switch
    {
        string one when index == 0 => one,
        string[] many => many[index],
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    /// <summary>One line.</summary>
    public static implicit operator FieldLines(string? line) => new(line);

    /// <summary>Any number of lines.</summary>
    public static implicit operator FieldLines(string[] lines) => new(lines);

    /// <inheritdoc/>
    public bool Equals(FieldLines other)
    {
        if (Count != other.Count)
            return false;
        for (int i = 0; i < Count; i++)
        {
            if (!string.Equals(this[i], other[i], StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FieldLines other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Count == 0 ? 0 : StringComparer.Ordinal.GetHashCode(this[0]);

    /// <summary>Equality by lines.</summary>
    public static bool operator ==(FieldLines left, FieldLines right) => left.Equals(right);

    /// <summary>Inequality by lines.</summary>
    public static bool operator !=(FieldLines left, FieldLines right) => !left.Equals(right);
}
