namespace Holdfast;

/// <summary>What came in place of a client certificate: nothing (the default), a certificate, or something that cannot be read.</summary>
public readonly record struct PresentedCertificate
{
    /// <summary>No certificate.</summary>
    public static PresentedCertificate None => default;

    /// <summary>The certificate, or null.</summary>
    public ClientCertificate? Certificate { get; private init; }

    /// <summary>Why what a trusted proxy handed on cannot be read: such a request is refused, whatever its token is bound to.</summary>
    public Refusal? Fault { get; private init; }

    /// <summary>A certificate.</summary>
    public static PresentedCertificate Of(ClientCertificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return new() { Certificate = certificate };
    }

    /// <summary>A trusted proxy's field that does not state exactly one certificate.</summary>
    public static PresentedCertificate Unreadable(string expected, string seen) =>
        new() { Fault = new(VerificationFailure.CertificateHeaderUnreadable, expected, Printable.From(seen)) };
}
