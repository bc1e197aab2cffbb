using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Holdfast.Issuer.Tests;

/// <summary>What a token is bound to, by the client's policy and by nothing else (RFC 8705 §3, RFC 9449 §5).</summary>
public class CertificateBindingTests
{
    private const string Machine = "machine";
    private static readonly X509Certificate2 Certificate = TestAuthority.SelfSigned();

    private static Task<IssuerHost> StartAsync(string method, bool? byCertificate, bool? byDPoP) => IssuerHost.StartAsync(o =>
    {
        o.AllowClientSecrets = true;
        IssuerClientOptions client = o.Clients[0];
        if (method == "self_signed_tls_client_auth")
            (client.AuthenticationMethod, client.Jwks) = (method, CertificateJwk.Set(CertificateJwk.Of(Certificate)));
        if (method == "client_secret_basic")
            (client.AuthenticationMethod, client.Jwks, client.ClientSecretSha256) = (method, null, IssuerHost.HashOf(IssuerHost.Secret));
        (client.TlsClientCertificateBoundAccessTokens, client.DPoPBoundAccessTokens) = (byCertificate, byDPoP);
    });

    private static Task<TokenAnswer> AskAsync(IssuerHost issuer, string method, bool certificate, bool proof)
    {
        issuer.Certificate = certificate ? Certificate : null;
        string? field = proof ? null : "";
        return method switch
        {
            "private_key_jwt" => issuer.AskAsync(field),
            "client_secret_basic" => issuer.AskAsync(field, IssuerHost.CertificateForm(null),
                new("Basic", Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{IssuerHost.ClientId}:{IssuerHost.Secret}")))),
            _ => issuer.AskAsync(field, IssuerHost.CertificateForm(IssuerHost.ClientId)),
        };
    }

    // MTLS-18, MTLS-19, MTLS-29, MTLS-30, MTLS-31, DPOP-AS-05, DPOP-AS-14: what is presented, and what comes of it: cnf and token_type, or a failure.
    [Theory]
    // Unset: a client with a key of its own proves that.
    [InlineData("private_key_jwt", null, null, "- BindingRequired; certificate BindingRequired; proof jkt DPoP; both jkt DPoP")]
    [InlineData("client_secret_basic", null, null, "- BindingRequired; certificate BindingRequired; proof jkt DPoP; both jkt DPoP")]
    // Unset: a client that authenticates by certificate is bound to it.
    [InlineData("self_signed_tls_client_auth", null, null, "- ClientCertificateMissing; certificate x5t#S256 Bearer; proof ClientCertificateMissing; both jkt+x5t#S256 DPoP")]
    // By certificate, however the client authenticates.
    [InlineData("private_key_jwt", true, null, "- CertificateBindingRequired; certificate x5t#S256 Bearer; proof CertificateBindingRequired; both jkt+x5t#S256 DPoP")]
    [InlineData("client_secret_basic", true, null, "- CertificateBindingRequired; certificate x5t#S256 Bearer; proof CertificateBindingRequired; both jkt+x5t#S256 DPoP")]
    // By both at once.
    [InlineData("private_key_jwt", true, true, "- CertificateBindingRequired; certificate BindingRequired; proof CertificateBindingRequired; both jkt+x5t#S256 DPoP")]
    [InlineData("self_signed_tls_client_auth", null, true, "- ClientCertificateMissing; certificate BindingRequired; proof ClientCertificateMissing; both jkt+x5t#S256 DPoP")]
    // By DPoP alone, although the client authenticates by certificate.
    [InlineData("self_signed_tls_client_auth", false, null, "- ClientCertificateMissing; certificate BindingRequired; proof ClientCertificateMissing; both jkt DPoP")]
    // By neither, where an operator says so: a certificate that is merely there binds nothing, a proof does.
    [InlineData("private_key_jwt", false, false, "- none Bearer; certificate none Bearer; proof jkt DPoP; both jkt DPoP")]
    [InlineData("private_key_jwt", null, false, "- none Bearer; certificate none Bearer; proof jkt DPoP; both jkt DPoP")]
    [InlineData("self_signed_tls_client_auth", false, false, "- ClientCertificateMissing; certificate none Bearer; proof ClientCertificateMissing; both jkt DPoP")]
    // Off beside a certificate binding changes nothing for it.
    [InlineData("private_key_jwt", true, false, "- CertificateBindingRequired; certificate x5t#S256 Bearer; proof CertificateBindingRequired; both jkt+x5t#S256 DPoP")]
    public async Task Binds_as_the_client_is_registered(string method, bool? byCertificate, bool? byDPoP, string expectations)
    {
        await using IssuerHost issuer = await StartAsync(method, byCertificate, byDPoP);
        foreach (string expectation in expectations.Split("; "))
        {
            string[] words = expectation.Split(' ');
            TokenAnswer answer = await AskAsync(issuer, method, certificate: words[0] is "certificate" or "both", proof: words[0] is "proof" or "both");
            if (words.Length == 2)
            {
                VerificationFailure failure = Enum.Parse<VerificationFailure>(words[1]);
                answer.Token.ShouldBeNull(expectation);
                issuer.Log.Failures[^1].ShouldBe(FailureCatalog.Get(failure).Name, expectation);
                answer.Error.ShouldBe(FailureCatalog.Get(failure).WireError, expectation);
                continue;
            }
            JsonElement claims = CallerKey.Payload(answer.ShouldBeToken());
            string seen = claims.TryGetProperty("cnf", out JsonElement cnf) ? string.Join('+', cnf.EnumerateObject().Select(member => member.Name)) : "none";
            seen.ShouldBe(words[1], expectation);
            answer.Member("token_type").ShouldBe(words[2], expectation);
            if (seen.Contains("x5t"))
                cnf.GetProperty("x5t#S256").GetString().ShouldBe(IssuerHost.ThumbprintOf(Certificate));
            if (seen.Contains("jkt"))
                cnf.GetProperty("jkt").GetString().ShouldBe(issuer.Key.Thumbprint);
        }
    }

    // MTLS-20: 43 characters, over the DER octets.
    [Fact]
    public async Task Writes_the_thumbprint_as_RFC_8705_wants_it()
    {
        await using IssuerHost issuer = await StartAsync("private_key_jwt", true, null);
        string token = (await AskAsync(issuer, "private_key_jwt", certificate: true, proof: false)).ShouldBeToken();
        string thumbprint = CallerKey.Payload(token).GetProperty("cnf").GetProperty("x5t#S256").GetString()!;
        thumbprint.Length.ShouldBe(43);
        thumbprint.ShouldBe(System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(Certificate.RawData)));
    }

    // MTLS-30, MTLS-44: what cannot be used at a resource is not bound to.
    [Fact]
    public async Task Binds_to_no_certificate_that_is_not_valid_now()
    {
        await using IssuerHost issuer = await StartAsync("private_key_jwt", true, null);
        foreach (X509Certificate2 invalid in new[] { TestAuthority.SelfSigned(until: TimeSpan.FromMinutes(-1)), TestAuthority.SelfSigned(from: TimeSpan.FromMinutes(1)) })
        {
            issuer.Certificate = invalid;
            issuer.ShouldRefuse(await issuer.AskAsync(proof: ""), VerificationFailure.ClientCertificateExpired, "invalid_client");
        }
    }

    // MTLS-31, MTLS-33, RFC 8705 §6.2: for the binding nobody has to vouch for the certificate, because it proves possession and is no identity (MTLS-27).
    [Fact]
    public async Task Binds_to_whatever_certificate_the_connection_has_and_does_not_take_it_for_the_client()
    {
        await using IssuerHost issuer = await StartAsync("private_key_jwt", true, null);
        using X509Certificate2 stranger = TestAuthority.SelfSigned("CN=somebody else");
        issuer.Certificate = stranger;
        JsonElement claims = CallerKey.Payload((await issuer.AskAsync(proof: "")).ShouldBeToken());
        claims.GetProperty("sub").GetString().ShouldBe(IssuerHost.ClientId);
        claims.GetProperty("cnf").GetProperty("x5t#S256").GetString().ShouldBe(IssuerHost.ThumbprintOf(stranger));
    }

    // Nothing is consumed before everything else passed.
    [Fact]
    public async Task Consumes_neither_proof_nor_assertion_where_the_certificate_is_missing()
    {
        await using IssuerHost issuer = await StartAsync("private_key_jwt", true, true);
        (string proof, string assertion) = (issuer.Proof(), issuer.Assertion());
        issuer.ShouldRefuse(await issuer.AskAsync(proof, issuer.Form(assertion)), VerificationFailure.CertificateBindingRequired, "invalid_request");
        issuer.Certificate = Certificate;
        (await issuer.AskAsync(proof, issuer.Form(assertion))).ShouldBeToken();
    }

    [Fact]
    public async Task Consumes_no_proof_where_the_client_is_not_authenticated_by_its_certificate()
    {
        await using IssuerHost issuer = await StartAsync("self_signed_tls_client_auth", null, true);
        string proof = issuer.Proof();
        using X509Certificate2 other = TestAuthority.SelfSigned();
        issuer.Certificate = other;
        issuer.ShouldRefuse(await issuer.AskAsync(proof, IssuerHost.CertificateForm(IssuerHost.ClientId)), VerificationFailure.ClientCertificateMismatch, "invalid_client");
        issuer.Certificate = Certificate;
        (await issuer.AskAsync(proof, IssuerHost.CertificateForm(IssuerHost.ClientId))).ShouldBeToken();
    }

    // A bad proof is never left aside because a certificate binds already.
    [Fact]
    public async Task Refuses_a_bad_proof_beside_a_good_certificate()
    {
        await using IssuerHost issuer = await StartAsync("self_signed_tls_client_auth", null, null);
        issuer.Certificate = Certificate;
        issuer.ShouldRefuse(await issuer.AskAsync(issuer.Proof(change: (_, payload) => payload["htm"] = "GET"), IssuerHost.CertificateForm(IssuerHost.ClientId)),
            VerificationFailure.MethodMismatch, "invalid_dpop_proof");
    }

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(null, false, true)]
    [InlineData(true, false, false)]
    [InlineData(null, null, false)]
    public async Task Warns_of_a_client_that_may_have_unbound_tokens(bool? byCertificate, bool? byDPoP, bool warns)
    {
        await using IssuerHost issuer = await StartAsync("private_key_jwt", byCertificate, byDPoP);
        issuer.Log.Lines.Any(line => line.Contains("may obtain unbound tokens")).ShouldBe(warns);
    }

    // FWD-43: a client that needs a certificate can be registered at any time, so a field that speaks of one is told of at all times.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Tells_of_forged_fields(bool byCertificate)
    {
        await using IssuerHost issuer = await StartAsync("private_key_jwt", byCertificate, null);
        await issuer.SendAsync(new FormUrlEncodedContent(issuer.Form()), change: request => request.Headers.TryAddWithoutValidation("Client-Cert", "x"));
        issuer.Log.Failures.ShouldContain("certificate_header_untrusted");
    }
}
