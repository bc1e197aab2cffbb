using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Holdfast.Guard.Tests.Proxies;

/// <summary>Certificate-bound tokens through a proxy that hands its clients' certificates on.</summary>
public sealed class ForwardedCertificateTests : IAsyncLifetime
{
    private readonly X509Certificate2 _mine = TlsWorld.Create("client"), _theirs = TlsWorld.Create("thief");
    private TestGuard _guard = null!;

    // FWD-09, MTLS-23
    [Fact]
    public async Task Takes_a_token_with_the_certificate_that_it_is_bound_to()
    {
        GuardAnswer answer = await AskAsync(_mine, Token());
        answer.Status.ShouldBe(200, answer.ToString());
        ReadContext.Parse(answer.Context).Claims.GetProperty("cnf").GetRawText().ShouldBe($$"""{"x5t#S256":"{{TlsWorld.Thumbprint(_mine)}}"}""");
    }

    // MTLS-24, MTLS-25
    [Fact]
    public async Task Refuses_it_with_another_certificate_or_none()
    {
        (await AskAsync(_theirs, Token())).Failure.ShouldBe("certificate_mismatch");
        (await AskAsync(null, Token())).Failure.ShouldBe("certificate_missing");
        // DPOP-RS-16: a client of certificate-bound tokens is told the scheme that they travel by.
        (await AskAsync(null, Token())).Challenges.ShouldHaveSingleItem().ShouldContain(", Bearer error=\"invalid_token\"");
    }

    // DPOP-RS-23: a token bound to both needs both.
    [Fact]
    public async Task A_token_with_both_bindings_needs_both()
    {
        string token = Token(_guard.Key.Thumbprint);
        (await AskAsync(_mine, token, "DPoP")).Failure.ShouldBe("proof_missing");
        (await AskAsync(null, token, "DPoP", _guard.Proof("GET", "/orders", token).Sign())).Failure.ShouldBe("certificate_missing");
        GuardAnswer answer = await AskAsync(_mine, token, "DPoP", _guard.Proof("GET", "/orders", token).Sign());
        answer.Status.ShouldBe(200);
        ReadContext.Parse(answer.Context).Claims.GetProperty("cnf").EnumerateObject().Select(member => member.Name).ShouldBe(["jkt", "x5t#S256"]);
    }

    // FWD-20, FWD-51
    [Fact]
    public async Task Whoever_is_not_the_proxy_is_not_heard()
    {
        string[] lines = [.. TestGuard.NginxLines().Where(line => !line.StartsWith("Holdfast")), $"Authorization: Bearer {Token()}", Field(_mine)];
        GuardAnswer answer = await _guard.AskAsync("/authorize/nginx", lines);
        answer.Failure.ShouldBe("proxy_untrusted");
    }

    // FWD-02, FWD-23
    [Fact]
    public async Task Refuses_a_field_that_does_not_state_one_certificate()
    {
        string[] lines = [.. TestGuard.NginxLines(), $"Authorization: Bearer {Token()}", "X-SSL-Client-Cert: rubbish", "X-SSL-Client-Verify: SUCCESS"];
        GuardAnswer answer = await _guard.AskAsync("/authorize/nginx", lines);
        answer.Failure.ShouldBe("certificate_header_unreadable");
        answer.Meant.ShouldBe(FailureCatalog.Get(VerificationFailure.CertificateHeaderUnreadable).ResourceStatus);
    }

    private string Token(string? jkt = null)
    {
        JsonObject claims = _guard.Issuer.Claims(TestGuard.Origin, _guard.Clock.UtcNow);
        claims["cnf"] = jkt is null ? new JsonObject { ["x5t#S256"] = TlsWorld.Thumbprint(_mine) } : new JsonObject { ["jkt"] = jkt, ["x5t#S256"] = TlsWorld.Thumbprint(_mine) };
        return _guard.Issuer.Sign(claims);
    }

    private static string Field(X509Certificate2 certificate) => $"X-SSL-Client-Cert: {Uri.EscapeDataString(certificate.ExportCertificatePem() + "\n")}\r\nX-SSL-Client-Verify: FAILED:self-signed certificate";

    private Task<GuardAnswer> AskAsync(X509Certificate2? certificate, string token, string scheme = "Bearer", string? proof = null) =>
        _guard.AskNginxAsync("GET", "/orders", [$"Authorization: {scheme} {token}", certificate is null ? "X-SSL-Client-Verify: NONE" : Field(certificate), .. proof is null ? [] : new[] { $"DPoP: {proof}" }]);

    public async Task InitializeAsync() => _guard = await TestGuard.StartAsync(yaml =>
        yaml.Replace("127.0.0.1:0", $"127.0.0.1:{FreePort.Take(1)[0]}").Replace("    trust:", "    certificate: { format: nginx }\n    trust:"));

    public async Task DisposeAsync()
    {
        await _guard.DisposeAsync();
        _mine.Dispose();
        _theirs.Dispose();
    }
}
