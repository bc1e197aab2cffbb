namespace Holdfast.Testing;

/// <summary>A test that needs a PostgreSQL server. Skipped, with the reason, where it is missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>A test with a <see cref="PostgresServer"/>.</summary>
    public PostgresFactAttribute() => Skip = PostgresPrograms.Missing;
}
