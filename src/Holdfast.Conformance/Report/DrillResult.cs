using System.Collections;

namespace Holdfast.Conformance;

/// <summary>The rows of a drill, in order, and what was leaked to begin with.</summary>
public sealed class DrillResult(IReadOnlyList<DrillRow> rows, DrillEvidence evidence, IReadOnlyList<string>? notes = null) : IReadOnlyList<DrillRow>
{
    /// <summary>Which attacks were left out, and why; mostly empty.</summary>
    public IReadOnlyList<string> Notes => notes ?? [];

    /// <summary>The captured texts that the thief worked from.</summary>
    public DrillEvidence Evidence => evidence;

    /// <summary>True where no attack got through.</summary>
    public bool Passed => rows.All(row => row.Passed);

    /// <inheritdoc/>
    public int Count => rows.Count;

    /// <inheritdoc/>
    public DrillRow this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<DrillRow> GetEnumerator() => rows.GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What leaked. Tokens are shortened unless asked for.</summary>
/// <param name="LogLine">A line of a gateway's log with the <c>Authorization</c> field in it.</param>
/// <param name="Request">The honest request to the API, as captured.</param>
/// <param name="TokenRequest">The honest request to the token endpoint, as captured.</param>
public sealed record DrillEvidence(string LogLine, string Request, string TokenRequest);
