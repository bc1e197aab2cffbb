namespace Holdfast.Testing;

/// <summary>A test that needs SoftHSM2 and the OpenSSL engine <c>pkcs11</c>. Skipped, with the reason, where they are missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SoftHsmFactAttribute : FactAttribute
{
    /// <summary>A test with <see cref="SoftHsm"/>.</summary>
    public SoftHsmFactAttribute() => Skip = SoftHsm.Missing;
}
