namespace Holdfast.Testing;

/// <summary>A test that runs a script of <c>tests/npm</c>. Skipped, with the reason, where Node.js or its packages are missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    /// <summary>A test that needs Node.js.</summary>
    public NodeFactAttribute() => Skip = NodeScript.Missing;
}
