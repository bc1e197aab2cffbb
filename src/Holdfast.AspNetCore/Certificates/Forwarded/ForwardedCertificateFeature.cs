namespace Holdfast.AspNetCore;

/// <summary>What was found on a declared listener.</summary>
/// <param name="Listener">The listener.</param>
/// <param name="Certificate">The certificate of the proxy's client.</param>
/// <param name="Untrusted">Why the peer is not trusted, or null where it is.</param>
internal sealed record ForwardedCertificateFeature(ForwardedCertificateListener Listener, PresentedCertificate Certificate, Refusal? Untrusted)
    : IForwardedCertificateFeature;

/// <summary>The names of the certificate fields that were taken from a request, as they arrived. Absent where there were none.</summary>
internal sealed record DroppedCertificateFields(IReadOnlyList<string> Names);
