using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Issuer;

/// <summary>
/// Builds the chains of <c>tls_client_auth</c> with the platform's own X.509 code (MTLS-43), to the configured roots and no others. A chain that was
/// found good is believed for five minutes, or until one of its certificates ends; a bad one is looked at every time.
/// </summary>
internal sealed class CertificateChains(MutualTlsConfig config, VerifierClock clock) : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const int MaxTrusted = 4096;
    private const int MaxLearned = 64;
    private const int MaxSent = 8;
    private const int MaxRevocationChecks = 8;
    private static readonly TimeSpan TrustedFor = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxRetrieval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<CertificateThumbprint, DateTimeOffset> _trusted = [];
    private readonly Dictionary<CertificateThumbprint, ReadOnlyMemory<byte>> _learned = [];
    private readonly SemaphoreSlim _revocationChecks = new(MaxRevocationChecks);

    /// <summary>Null where the certificate, <paramref name="leaf"/> being the same loaded, leads to a configured root and may authenticate a client now.</summary>
    public async ValueTask<Refusal?> RefuseAsync(ClientCertificate presented, X509Certificate2 leaf, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.Now;
        lock (_gate)
        {
            if (_trusted.TryGetValue(presented.Thumbprint, out DateTimeOffset until) && now < until)
                return null;
        }
        X509Certificate2[] helpers = [.. LoadHelpers(presented)];
        try
        {
            if (RefuseUsage(leaf) is { } usage)
                return usage;
            // Without the network first: what an unknown certificate names is never fetched.
            if (Build(leaf, helpers, now, X509RevocationMode.NoCheck, out DateTimeOffset end) is { } refusal)
                return refusal;
            if (config.RevocationCheck != X509RevocationMode.NoCheck && await RefuseRevokedAsync(leaf, helpers, now, cancellationToken) is { } revoked)
                return revoked;
            Trust(presented.Thumbprint, now, end);
            return null;
        }
        catch (CryptographicException)
        {
            // The platform reads extensions when they are asked for.
            return Untrusted("readable extensions", "broken ones");
        }
        finally
        {
            foreach (X509Certificate2 helper in helpers)
                helper.Dispose();
        }
    }

    // MTLS-44, RFC 8705 §7.5: issued to authenticate a client, and saying so. The platform takes a certificate without the extension for any use; then a
    // trusted authority's own certificate, or a server's, could be a client.
    private static Refusal? RefuseUsage(X509Certificate2 leaf)
    {
        X509EnhancedKeyUsageExtension[] extended = [.. leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()];
        if (extended.Length != 1 || !extended[0].EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value == ClientAuthentication))
            return Untrusted("extended key usage clientAuth", extended.Length == 0 ? "no extended key usage" : "other extended key usages");
        // RFC 8446 §4.4.2.2: a key that signs handshakes may sign, where its usage is limited.
        return leaf.Extensions.OfType<X509KeyUsageExtension>().All(usage => usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
            ? null
            : Untrusted("key usage digitalSignature", "other key usages");
    }

    // MTLS-06, MTLS-17, MTLS-43, MTLS-44, RFC 8705 §2.1, §7.5: signatures, dates, basic constraints, name constraints and usages by the platform, to
    // the configured roots alone.
    private Refusal? Build(X509Certificate2 leaf, X509Certificate2[] helpers, DateTimeOffset now, X509RevocationMode revocation, out DateTimeOffset end)
    {
        using var chain = new X509Chain();
        X509ChainPolicy policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(config.Anchors.ToArray());
        policy.ExtraStore.AddRange(config.Intermediates.Concat(helpers).ToArray());
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        policy.VerificationTime = now.UtcDateTime;
        policy.RevocationMode = revocation;
        policy.RevocationFlag = X509RevocationFlag.ExcludeRoot;
        policy.UrlRetrievalTimeout = MaxRetrieval;
        // An address in a stranger's certificate is not visited for its issuer.
        policy.DisableCertificateDownloads = true;
        bool isGood = chain.Build(leaf);
        end = isGood ? chain.ChainElements.Min(element => new DateTimeOffset(element.Certificate.NotAfter.ToUniversalTime())) : default;
        if (isGood)
            Learn(chain);
        X509ChainStatusFlags status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (X509ChainElement element in chain.ChainElements)
            element.Certificate.Dispose();
        if (isGood)
            return null;
        return revocation == X509RevocationMode.NoCheck
            ? Untrusted("a chain to a configured root", status.ToString())
            // MTLS-13, RFC 8705 §2.1: switched on, a status that nobody can tell counts as revoked.
            : new(VerificationFailure.ClientCertificateRevoked, "not revoked, as its authority says", status.ToString());
    }

    // The platform waits for the authority's answer on the thread that asks; few may.
    private async ValueTask<Refusal?> RefuseRevokedAsync(X509Certificate2 leaf, X509Certificate2[] helpers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await _revocationChecks.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Build(leaf, helpers, now, config.RevocationCheck, out _), CancellationToken.None);
        }
        finally
        {
            _revocationChecks.Release();
        }
    }

    private IEnumerable<X509Certificate2> LoadHelpers(ClientCertificate presented)
    {
        ReadOnlyMemory<byte>[] learned;
        lock (_gate)
            learned = [.. _learned.Values];
        foreach (ReadOnlyMemory<byte> der in presented.Chain.Take(MaxSent).Concat(learned))
        {
            if (ClientCertificate.TryRead(der) is not null)
                yield return X509CertificateLoader.LoadCertificate(der.Span);
        }
    }

    // A resumed TLS session does not bring the intermediates of its first handshake again (MTLS-47). Those that led to a root are kept to build with;
    // like all of them they are trusted for nothing.
    private void Learn(X509Chain chain)
    {
        foreach (X509ChainElement element in chain.ChainElements.Skip(1).SkipLast(1))
        {
            ReadOnlyMemory<byte> der = element.Certificate.RawDataMemory;
            lock (_gate)
            {
                if (_learned.Count >= MaxLearned)
                    _learned.Clear();
                _learned[CertificateThumbprint.Of(der.Span)] = der;
            }
        }
    }

    private void Trust(CertificateThumbprint thumbprint, DateTimeOffset now, DateTimeOffset end)
    {
        lock (_gate)
        {
            // Only certificates of trusted authorities come here; still it is bounded.
            if (_trusted.Count >= MaxTrusted)
                _trusted.Clear();
            _trusted[thumbprint] = end < now + TrustedFor ? end : now + TrustedFor;
        }
    }

    public void Dispose() => _revocationChecks.Dispose();

    private static Refusal Untrusted(string expected, string seen) => new(VerificationFailure.ClientCertificateUntrusted, expected, seen);
}
