namespace Holdfast.Conformance;

/// <summary>Gets the client's tokens as it would: bound to its key by a proof, and to its certificate over mutual TLS.</summary>
internal sealed class DoctorTokens(DoctorTarget target, RawHttpClient http, TimeProvider timeProvider)
{
    private readonly DrillTarget _client = new()
    {
        Issuer = target.Issuer,
        Resource = target.Url,
        Audience = target.Resource ?? "",
        Scope = target.Scope,
        ClientId = target.ClientId,
        ClientKeyPem = target.ClientKeyPem ?? "",
        MtlsResource = target.Url,
        MtlsClientId = target.MtlsClientId ?? target.ClientId,
    };

    /// <summary>A token bound to the client's own key.</summary>
    /// <exception cref="DrillFailedException">There is none to be had.</exception>
    public async Task<string> BoundToKeyAsync(SigningKey key, CancellationToken cancellationToken)
    {
        var client = new HonestClient(_client, key, http, timeProvider);
        await client.DiscoverAsync(cancellationToken);
        return await client.ObtainTokenAsync(cancellationToken);
    }

    /// <summary>A token bound to the client's certificate, by which it authenticates (RFC 8705 §2.1, §2.2).</summary>
    /// <exception cref="DrillFailedException">There is none to be had.</exception>
    public async Task<BoundCall> BoundToCertificateAsync(CancellationToken cancellationToken)
    {
        var certificate = CertificateFiles.ReadPair(target.CertificatePem!, target.CertificateKeyPem!);
        try
        {
            using var unused = SigningKey.Create();
            var discovery = new HonestClient(_client, unused, http, timeProvider);
            await discovery.DiscoverAsync(cancellationToken);
            var client = new CertificateClient(_client, discovery.MtlsTokenEndpoint, certificate, unused, http, timeProvider);
            return new BoundCall(await client.ObtainTokenAsync(cancellationToken), certificate);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }
}
