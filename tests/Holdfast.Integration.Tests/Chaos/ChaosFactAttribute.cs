namespace Holdfast.Integration.Tests;

/// <summary>A test with many nodes behind nginx on one PostgreSQL. Skipped, with the reason, where one is missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChaosFactAttribute : FactAttribute
{
    public ChaosFactAttribute() =>
        Skip = PostgresPrograms.Missing ?? (ProxyPrograms.Find("nginx") is null ? "nginx is missing: run ./test.sh once as root, or install it." : null);
}
