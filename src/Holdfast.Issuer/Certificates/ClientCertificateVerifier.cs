using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Issuer;

/// <summary>The rules for client authentication by certificate (RFC 8705 §2), cheapest first. Reads only.</summary>
internal sealed class ClientCertificateVerifier(CertificateChains chains, ClientKeySources keys, VerifierClock clock)
{
    // The same leeway as where tokens are checked.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>Null where the certificate is the client's.</summary>
    public async ValueTask<Refusal?> RefuseAsync(IssuerClient client, ClientCertificate? presented, CancellationToken cancellationToken)
    {
        // MTLS-01, MTLS-04, RFC 8705 §2: without the handshake's proof of a certificate nobody is authenticated.
        if (presented is null)
            return new(VerificationFailure.ClientCertificateMissing, "a client certificate", "none");
        if (RefuseDates(presented.NotBefore, presented.NotAfter) is { } dates)
            return dates;
        // MTLS-03, RFC 8705 §2: by the method that the client is registered for, and no other.
        return client.Subject is { } subject
            ? await RefuseSubjectAsync(subject, presented, cancellationToken)
            : await RefuseSelfSignedAsync(client, presented, cancellationToken);
    }

    // MTLS-44, RFC 8705 §7.5: TLS stacks that accept self-signed certificates accept expired ones too.
    /// <summary>Null where the certificate is valid now, or its dates are not known.</summary>
    public Refusal? RefuseDates(DateTimeOffset? notBefore, DateTimeOffset? notAfter)
    {
        DateTimeOffset now = clock.Now;
        // Subtracted from now, because nothing can be added to the end of the calendar, where some certificates end (RFC 5280 §4.1.2.5).
        if (now - notAfter > ClockSkew)
            return new(VerificationFailure.ClientCertificateExpired, $"notAfter past {now:O}", $"{notAfter:O}");
        return notBefore - now > ClockSkew
            ? new(VerificationFailure.ClientCertificateExpired, $"notBefore up to {now:O}", $"{notBefore:O}")
            : null;
    }

    private async ValueTask<Refusal?> RefuseSubjectAsync(RegisteredSubject subject, ClientCertificate presented, CancellationToken cancellationToken)
    {
        if (presented.Der.Length is 0 or > ClientCertificate.MaxLength)
        {
            return new(VerificationFailure.ClientCertificateUntrusted, $"a certificate of at most {ClientCertificate.MaxLength} octets",
                presented.Der.IsEmpty ? "its hash alone" : $"{presented.Der.Length}");
        }
        using X509Certificate2? leaf = TryLoad(presented.Der);
        if (leaf is null || CertificateNames.TryRead(leaf) is not { } names)
            return new(VerificationFailure.ClientCertificateUntrusted, "readable names", "subject or subject alternative names that are broken");
        // MTLS-06, RFC 8705 §2.1: both the registered name and the chain; a name in a certificate that anybody can make is no name.
        if (!subject.Matches(names))
            return new(VerificationFailure.ClientCertificateMismatch, subject.Text, Printable.From(subject.Seen(names)));
        return await chains.RefuseAsync(presented, leaf, cancellationToken);
    }

    // MTLS-14, RFC 8705 §2.2: the same certificate as one that is registered; who issued it does not matter.
    private async ValueTask<Refusal?> RefuseSelfSignedAsync(IssuerClient client, ClientCertificate presented, CancellationToken cancellationToken)
    {
        IClientKeySource source = keys.Of(client);
        ClientKeySet? known = await source.GetAsync(cancellationToken);
        RegisteredCertificate? registered = Find(known, presented);
        if (registered is null && known is not null)
        {
            // MTLS-16, RFC 8705 §2.2: the client may have published another one since.
            known = await source.GetNewerAsync(known, cancellationToken);
            registered = Find(known, presented);
        }
        if (known is null)
            return new(VerificationFailure.ClientKeysUnavailable, "a JWK set", client.JwksUri?.ToString());
        return registered is null
            ? new(VerificationFailure.ClientCertificateMismatch, $"one of the {known.Certificates.Count} registered certificates", presented.Thumbprint.ToString())
            : RefuseDates(registered.NotBefore, registered.NotAfter);
    }

    private static RegisteredCertificate? Find(ClientKeySet? keys, ClientCertificate presented) =>
        keys?.Certificates.FirstOrDefault(certificate => certificate.Thumbprint == presented.Thumbprint);

    private static X509Certificate2? TryLoad(ReadOnlyMemory<byte> der)
    {
        try
        {
            return X509CertificateLoader.LoadCertificate(der.Span);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
