namespace Holdfast.Testing;

/// <summary>A theory that needs a PostgreSQL server. Skipped, with the reason, where it is missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    /// <summary>A theory with a <see cref="PostgresServer"/>.</summary>
    public PostgresTheoryAttribute() => Skip = PostgresPrograms.Missing;
}
