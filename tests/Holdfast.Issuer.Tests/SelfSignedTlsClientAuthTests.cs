using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Issuer.Tests;

/// <summary>Authentication by a certificate that is registered itself (RFC 8705 §2.2).</summary>
public class SelfSignedTlsClientAuthTests
{
    private const string Machine = "machine";

    private static Task<IssuerHost> StartAsync(string jwks) => IssuerHost.StartAsync(o => o.Clients.Add(new()
    {
        ClientId = Machine, AuthenticationMethod = "self_signed_tls_client_auth", Jwks = jwks, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
    }));

    // MTLS-14, MTLS-18, MTLS-33
    [Fact]
    public async Task Authenticates_by_the_registered_certificate_and_binds_the_token_to_it()
    {
        using X509Certificate2 certificate = TestAuthority.SelfSigned();
        await using IssuerHost issuer = await StartAsync(CertificateJwk.Set(CertificateJwk.Of(certificate)));
        TokenAnswer answer = await issuer.AskWithAsync(certificate, Machine);
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetRawText().ShouldBe($$"""{"x5t#S256":"{{issuer.X5tS256}}"}""");
    }

    // MTLS-14, MTLS-15: the certificate, not just its name or its key.
    [Fact]
    public async Task Refuses_every_other_certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = TestAuthority.SelfSigned(key: key), sameKey = TestAuthority.SelfSigned(key: key), sameName = TestAuthority.SelfSigned();
        await using IssuerHost issuer = await StartAsync(CertificateJwk.Set(CertificateJwk.Of(certificate)));
        foreach (X509Certificate2 other in new[] { sameKey, sameName, TestAuthority.Root().Issue() })
            issuer.ShouldRefuse(await issuer.AskWithAsync(other, Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
        issuer.ShouldRefuse(await issuer.AskWithAsync(null, Machine), VerificationFailure.ClientCertificateMissing, "invalid_client");
    }

    // MTLS-14: whoever issued it. MTLS-40: an old and a new one side by side.
    [Fact]
    public async Task Takes_any_registered_certificate_whoever_issued_it()
    {
        using X509Certificate2 old = TestAuthority.SelfSigned(), issued = TestAuthority.Root().Issue(usage: null);
        await using IssuerHost issuer = await StartAsync(CertificateJwk.Set(CertificateJwk.Of(old), CertificateJwk.Of(issued)));
        (await issuer.AskWithAsync(old, Machine)).ShouldBeToken();
        (await issuer.AskWithAsync(issued, Machine)).ShouldBeToken();
    }

    // MTLS-14, RFC 7517 §4.7: the first of x5c is the certificate; the others are its chain.
    [Fact]
    public async Task Takes_no_certificate_from_further_back_in_x5c()
    {
        var root = TestAuthority.Root();
        using X509Certificate2 certificate = root.Issue(), other = TestAuthority.SelfSigned();
        await using IssuerHost issuer = await StartAsync(CertificateJwk.Set(CertificateJwk.Of(certificate, [certificate, root.Certificate, other])));
        (await issuer.AskWithAsync(certificate, Machine)).ShouldBeToken();
        issuer.ShouldRefuse(await issuer.AskWithAsync(other, Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
        issuer.ShouldRefuse(await issuer.AskWithAsync(root.Certificate, Machine), VerificationFailure.ClientCertificateMismatch, "invalid_client");
    }

    // MTLS-14
    [Fact]
    public async Task Takes_an_RSA_certificate()
    {
        using var key = RSA.Create(2048);
        using X509Certificate2 certificate = TestAuthority.SelfSigned(key: key);
        await using IssuerHost issuer = await StartAsync(CertificateJwk.Set(CertificateJwk.Of(certificate)));
        (await issuer.AskWithAsync(certificate, Machine)).ShouldBeToken();
    }
}
