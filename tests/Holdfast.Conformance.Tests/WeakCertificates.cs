using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Holdfast.Conformance.Tests;

/// <summary>
/// The checks of RFC 8705 written once more, plainly, so that each can be left out, and the certificates that they need.
/// </summary>
internal sealed class WeakCertificates : IDisposable
{
    public const string ClientId = "robbed-by-certificate";

    private readonly Weakness _weakness;
    private readonly TestAuthority _authority;
    private readonly X509Certificate2 _client;

    public WeakCertificates(Weakness weakness, string directory)
    {
        _weakness = weakness;
        _authority = new TestAuthority(directory);
        _client = _authority.IssueClient(ClientId);
        _authority.IssueClient("neighbour").Dispose();
    }

    public string ClientThumbprint => Thumbprint(_client);

    public DrillTarget AddTo(DrillTarget target, string resource) => target with
    {
        CaPem = _authority.PathOf("ca.pem"),
        MtlsResource = resource,
        MtlsClientId = ClientId,
        MtlsCertificatePem = _authority.PathOf($"{ClientId}.pem"),
        MtlsKeyPem = _authority.PathOf($"{ClientId}-key.pem"),
        NeighbourCertificatePem = _authority.PathOf("neighbour.pem"),
        NeighbourKeyPem = _authority.PathOf("neighbour-key.pem"),
    };

    public void Serve(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1;
        listener.UseHttps(https =>
        {
            https.ServerCertificate = _authority.Server;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => !Has(Weakness.EndsTlsOnForeignCertificates) || _authority.HasIssued(certificate);
        });
    }

    public bool Presents(HttpRequest request) => request.HttpContext.Connection.ClientCertificate is not null;

    /// <summary>Whether a field with a certificate is there that nobody believes.</summary>
    public bool HasIgnoredField(HttpRequest request, bool atIssuer = false)
    {
        if (Has(atIssuer ? Weakness.IssuerBelievesCertificateField : Weakness.BelievesCertificateField))
            return false;
        return request.Headers.Any(field => field.Key.Contains("cert", StringComparison.OrdinalIgnoreCase));
    }

    public string? FailureOf(HttpRequest request, Binding binding)
    {
        if (binding.X5t.Length == 0 || Has(Weakness.NoCertificateCheck) || (binding.Jkt.Length > 0 && Has(Weakness.ProofIsEnough)))
            return null;
        if (!request.IsHttps && Has(Weakness.NoCertificateCheckOnPlainListener))
            return null;
        if (Believed(request) is { } claimed && Thumbprint(claimed) == binding.X5t)
            return null;
        if (request.HttpContext.Connection.ClientCertificate is not { } presented)
            return Has(Weakness.CertificateIsOptional) ? null : "certificate_missing";
        if (Has(Weakness.CertificateByName) && presented.Subject == _client.Subject)
            return null;
        if (Has(Weakness.CertificateByChain) && _authority.HasIssued(presented))
            return null;
        return Thumbprint(presented) == binding.X5t ? null : "certificate_mismatch";
    }

    public string? AuthenticationFailureOf(HttpRequest request)
    {
        if (Has(Weakness.IssuerNeedsNoCertificate))
            return null;
        if (Has(Weakness.IssuerBelievesCertificateField) && FromField(request.Headers["Client-Cert"]) is { } claimed && claimed.Subject == _client.Subject)
            return null;
        if (request.HttpContext.Connection.ClientCertificate is not { } presented)
            return "client_certificate_missing";
        if (!Has(Weakness.IssuerComparesNames) && !_authority.HasIssued(presented))
            return "client_certificate_untrusted";
        return Has(Weakness.IssuerTrustsTheAuthorityAlone) || presented.Subject == _client.Subject ? null : "client_certificate_mismatch";
    }

    public void Dispose()
    {
        _authority.Dispose();
        _client.Dispose();
    }

    private X509Certificate2? Believed(HttpRequest request) =>
        Has(Weakness.BelievesCertificateField) ? FromField(request.Headers["Client-Cert"])
        : Has(Weakness.BelievesUnderscores) ? FromField(request.Headers["Client_Cert"])
        : null;

    private static X509Certificate2? FromField(string? value) =>
        value is [':', .. var base64, ':'] ? X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64)) : null;

    private static string Thumbprint(X509Certificate2 certificate) => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    private bool Has(Weakness one) => _weakness.HasFlag(one);
}
