using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>
/// Robs the client with a certificate: it works honestly, over its own connections, and what of that leaks makes the thief. Owns the keys of
/// both; disposing ends their use.
/// </summary>
internal sealed class CertificateRobbery : IDisposable
{
    /// <summary>Why there is no such robbery.</summary>
    public const string NoClient = "The attacks on tokens bound to a certificate were left out: the target names no client with a certificate"
        + " (mtls_resource, mtls_client_id, mtls_certificate_pem, mtls_key_pem).";

    private readonly List<IDisposable> _owned = [];

    private CertificateRobbery()
    {
    }

    public CertificateThief Thief { get; private set; } = null!;

    /// <summary>Which attacks are left out all the same, and why; null for none.</summary>
    public string? Note { get; private set; }

    public static async Task<CertificateRobbery> CommitAsync(
        DrillTarget target, HonestClient other, RawHttpClient http, DrillOptions options, CancellationToken cancellationToken)
    {
        var robbery = new CertificateRobbery();
        try
        {
            await robbery.RobAsync(target, other, http, options, cancellationToken);
            return robbery;
        }
        catch
        {
            robbery.Dispose();
            throw;
        }
    }

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private async Task RobAsync(DrillTarget target, HonestClient other, RawHttpClient http, DrillOptions options, CancellationToken cancellationToken)
    {
        var certificate = Own(CertificateFiles.ReadPair(target.MtlsCertificatePem!, target.MtlsKeyPem!));
        var client = new CertificateClient(target, other.MtlsTokenEndpoint, certificate, Own(SigningKey.Create()), http, options.TimeProvider);
        var path = $"{new Uri(target.MtlsResource!).AbsolutePath.TrimEnd('/')}/orders";

        var call = await client.CallAsync(path, await client.ObtainTokenAsync(cancellationToken), cancellationToken);
        var loot = CertificateLoot.From(CertificateLoot.LogLine(call, options.TimeProvider.GetUtcNow()));
        Own(loot.Certificate);
        var (both, why) = await client.ObtainTokenBoundToBothAsync(cancellationToken);
        if (both is not null)
            await client.CallWithProofAsync(path, both, cancellationToken);
        else
            Note = $"The attacks on tokens bound to certificate and key were left out: the issuer gives none ({why}).";

        var intercepted = new CertificateInterception(
            client.TokenEndpoint, other.TokenEndpoint, client.TokenForm, certificate, both, () => client.Proof(path, both!));
        Thief = new CertificateThief(target, loot, intercepted, Foreign(target, loot.Certificate));
    }

    private List<X509Certificate2> Foreign(DrillTarget target, X509Certificate2 certificate)
    {
        List<X509Certificate2> foreign = [Own(ForgedCertificates.SelfSigned(certificate)), Own(ForgedCertificates.ByMadeUpAuthority(certificate))];
        if (target is { NeighbourCertificatePem: { } neighbour, NeighbourKeyPem: { } key })
            foreign.Add(Own(CertificateFiles.ReadPair(neighbour, key)));
        return foreign;
    }

    private T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }
}
