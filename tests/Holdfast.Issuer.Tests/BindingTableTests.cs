using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Holdfast.Issuer.Tests;

/// <summary>
/// Every endpoint that gives something out, and every way to lose the binding of what it gives: none succeeds, each by its name, and the owner of what was
/// presented still gets what is his afterwards.
/// </summary>
public class BindingTableTests
{
    private const string Device = "device";
    private const string DeviceUri = "https://device.example/done";

    private static readonly X509Certificate2 Certificate = TestAuthority.SelfSigned();
    private static readonly X509Certificate2 Another = TestAuthority.SelfSigned();

    /// <summary>What a thief or a careless client changes about a good request.</summary>
    private sealed record Change(string? Proof = null, X509Certificate2? Certificate = null, bool KeepsCertificate = true, params (string, string?)[] Form);

    private static readonly Dictionary<string, Func<CodeHost, Change>> Ways = new()
    {
        ["the proof is left out"] = _ => new(Proof: ""),
        ["the proof is of another key"] = host => new(Proof: Strange(host)),
        ["the certificate is left out"] = _ => new(KeepsCertificate: false),
        ["the certificate is another one"] = _ => new(Certificate: Another, KeepsCertificate: false),
        ["no proof, and dpop_bound_access_tokens=false"] = _ => new("", Form: ("dpop_bound_access_tokens", "false")),
        ["no proof, and tls_client_certificate_bound_access_tokens=false"] = _ => new("", Form: ("tls_client_certificate_bound_access_tokens", "false")),
        ["no certificate, and tls_client_certificate_bound_access_tokens=false"] = _ => new(KeepsCertificate: false, Form: ("tls_client_certificate_bound_access_tokens", "false")),
        ["no proof, and token_type=Bearer"] = _ => new("", Form: ("token_type", "Bearer")),
        ["no proof, and dpop_jkt in its place"] = host => new("", Form: ("dpop_jkt", host.Key.Thumbprint)),
        ["no proof, and cnf in its place"] = host => new("", Form: ("cnf", $$"""{"jkt":"{{host.Key.Thumbprint}}"}""")),
        ["by another client that is public"] = _ => new(Form: ("client_id", "other-shop")),
    };

    public static TheoryData<string, string, VerificationFailure> Table => new()
    {
        { "client credentials", "the proof is left out", VerificationFailure.BindingRequired },
        { "client credentials", "no proof, and dpop_bound_access_tokens=false", VerificationFailure.BindingRequired },
        { "client credentials", "no proof, and token_type=Bearer", VerificationFailure.BindingRequired },
        { "client credentials", "no proof, and dpop_jkt in its place", VerificationFailure.BindingRequired },
        { "client credentials", "no proof, and cnf in its place", VerificationFailure.BindingRequired },
        { "client credentials by certificate", "the certificate is left out", VerificationFailure.CertificateBindingRequired },
        { "client credentials by certificate", "no certificate, and tls_client_certificate_bound_access_tokens=false", VerificationFailure.CertificateBindingRequired },
        { "code", "the proof is left out", VerificationFailure.BindingRequired },
        { "code", "the proof is of another key", VerificationFailure.CodeBindingMismatch },
        { "code", "no proof, and dpop_bound_access_tokens=false", VerificationFailure.BindingRequired },
        { "code", "no proof, and token_type=Bearer", VerificationFailure.BindingRequired },
        { "code", "no proof, and dpop_jkt in its place", VerificationFailure.BindingRequired },
        { "code", "by another client that is public", VerificationFailure.CodeInvalid },
        { "code of a client that may have unbound tokens", "the proof is left out", VerificationFailure.CodeBindingMismatch },
        { "code of a client that may have unbound tokens", "the proof is of another key", VerificationFailure.CodeBindingMismatch },
        { "code of a client that may have unbound tokens", "no proof, and dpop_jkt in its place", VerificationFailure.CodeBindingMismatch },
        { "code by certificate", "the certificate is left out", VerificationFailure.CertificateBindingRequired },
        { "code by certificate", "no certificate, and tls_client_certificate_bound_access_tokens=false", VerificationFailure.CertificateBindingRequired },
        { "refresh", "the proof is left out", VerificationFailure.BindingRequired },
        { "refresh", "the proof is of another key", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh", "no proof, and dpop_bound_access_tokens=false", VerificationFailure.BindingRequired },
        { "refresh", "no proof, and token_type=Bearer", VerificationFailure.BindingRequired },
        { "refresh", "no proof, and dpop_jkt in its place", VerificationFailure.BindingRequired },
        { "refresh", "no proof, and cnf in its place", VerificationFailure.BindingRequired },
        { "refresh", "no proof, and tls_client_certificate_bound_access_tokens=false", VerificationFailure.BindingRequired },
        { "refresh", "by another client that is public", VerificationFailure.RefreshTokenInvalid },
        { "refresh of a client that may have unbound tokens", "the proof is left out", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh of a client that may have unbound tokens", "the proof is of another key", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh of a client that may have unbound tokens", "no proof, and dpop_bound_access_tokens=false", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh of a client that may have unbound tokens", "no proof, and token_type=Bearer", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh of a client that may have unbound tokens", "no proof, and dpop_jkt in its place", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh by certificate", "the certificate is left out", VerificationFailure.CertificateBindingRequired },
        { "refresh by certificate", "the certificate is another one", VerificationFailure.RefreshTokenBindingMismatch },
        { "refresh by certificate", "no certificate, and tls_client_certificate_bound_access_tokens=false", VerificationFailure.CertificateBindingRequired },
        { "refresh of a confidential client", "the proof is left out", VerificationFailure.BindingRequired },
        { "refresh of a confidential client", "no proof, and dpop_bound_access_tokens=false", VerificationFailure.BindingRequired },
        { "refresh of a confidential client", "no proof, and token_type=Bearer", VerificationFailure.BindingRequired },
    };

    private static string Strange(CodeHost host) => new CallerKey().Proof(IssuerHost.TokenEndpoint, host.Clock.UtcNow);

    private static Task<CodeHost> StartAsync() => CodeHost.StartAsync(o =>
    {
        foreach ((string id, bool? isCertificateBound, bool? isKeyBound) in new (string, bool?, bool?)[] { ("other-shop", null, null), ("loose", null, false), (Device, true, false) })
        {
            o.Clients.Add(new()
            {
                ClientId = id, AuthenticationMethod = "none", GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = [DeviceUri], Scopes = ["orders.read"],
                Resources = [IssuerHost.Orders], TlsClientCertificateBoundAccessTokens = isCertificateBound, DPoPBoundAccessTokens = isKeyBound, RequiresConsent = false,
            });
        }
        o.Clients.Add(new()
        {
            ClientId = "machine", Jwks = o.Clients[0].Jwks, TlsClientCertificateBoundAccessTokens = true, DPoPBoundAccessTokens = false, Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        });
    });

    /// <summary>A good request of the kind: its form, and whether a proof and the certificate go with it.</summary>
    private static async Task<(Dictionary<string, string> Form, bool HasProof, bool HasCertificate)> RequestAsync(CodeHost host, string kind) => kind switch
    {
        "client credentials" => (host.Issuer.Form(), true, false),
        "client credentials by certificate" => (Asserted(host, "machine", new() { ["grant_type"] = "client_credentials" }), false, true),
        "code" => (await CodeFormAsync(host, CodeHost.Shop, CodeHost.ShopUri), true, false),
        "code of a client that may have unbound tokens" => (await CodeFormAsync(host, "loose", DeviceUri), true, false),
        "code by certificate" => (await CodeFormAsync(host, Device, DeviceUri), false, true),
        "refresh" => (await RefreshFormAsync(host, CodeHost.Shop, CodeHost.ShopUri, true, false), true, false),
        "refresh of a client that may have unbound tokens" => (await RefreshFormAsync(host, "loose", DeviceUri, true, false), true, false),
        "refresh by certificate" => (await RefreshFormAsync(host, Device, DeviceUri, false, true), false, true),
        "refresh of a confidential client" => (Asserted(host, CodeHost.Portal, new()
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = (await host.RedeemAsPortalAsync(await host.CodeAsync(host.PortalRequest()))).Member("refresh_token")!,
        }), true, false),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Dictionary<string, string> Asserted(CodeHost host, string clientId, Dictionary<string, string> form) =>
        CodeHost.Change(form, [.. host.Issuer.Asserted(host.Issuer.Key, clientId).Select(pair => (pair.Item1, (string?)pair.Item2))]);

    private static async Task<Dictionary<string, string>> CodeFormAsync(CodeHost host, string clientId, string redirectUri)
    {
        bool isByCertificate = clientId == Device;
        string code = await host.CodeAsync(host.Request(("client_id", clientId), ("redirect_uri", redirectUri), ("scope", "orders.read"), ("dpop_jkt", isByCertificate ? null : host.Key.Thumbprint)));
        return new() { ["grant_type"] = "authorization_code", ["client_id"] = clientId, ["redirect_uri"] = redirectUri, ["code"] = code, ["code_verifier"] = host.Verifier };
    }

    private static async Task<Dictionary<string, string>> RefreshFormAsync(CodeHost host, string clientId, string redirectUri, bool hasProof, bool hasCertificate)
    {
        TokenAnswer answer = await SendAsync(host, await CodeFormAsync(host, clientId, redirectUri), hasProof ? host.Proof() : "", hasCertificate ? Certificate : null);
        answer.ShouldBeToken();
        return new() { ["grant_type"] = "refresh_token", ["client_id"] = clientId, ["refresh_token"] = answer.Member("refresh_token")! };
    }

    private static async Task<TokenAnswer> SendAsync(CodeHost host, Dictionary<string, string> form, string proof, X509Certificate2? certificate)
    {
        host.Issuer.Certificate = certificate;
        TokenAnswer answer = await host.Issuer.SendAsync(new FormUrlEncodedContent(form), proof);
        host.Issuer.Certificate = null;
        return answer;
    }

    // DPOP-AS-07, DPOP-AS-08, DPOP-AS-14, DPOP-AS-15, DPOP-AS-32, MTLS-30, MTLS-32, and design §1 rules 3 and 5
    [Theory]
    [MemberData(nameof(Table))]
    public async Task Loses_no_binding(string kind, string way, VerificationFailure failure)
    {
        await using CodeHost host = await StartAsync();
        (Dictionary<string, string> good, bool hasProof, bool hasCertificate) = await RequestAsync(host, kind);
        Change change = Ways[way](host);
        TokenAnswer answer = await SendAsync(host, CodeHost.Change(new(good), change.Form), change.Proof ?? (hasProof ? host.Proof() : ""),
            change.Certificate ?? (hasCertificate && change.KeepsCertificate ? Certificate : null));
        host.Issuer.ShouldRefuse(answer, failure, FailureCatalog.Get(failure).WireError!);
        answer.Member("refresh_token").ShouldBeNull();
        answer.Member("id_token").ShouldBeNull();

        // Nothing was consumed and nothing ended: the same code, refresh token or assertion, and what it gives is bound.
        TokenAnswer owner = await SendAsync(host, good, hasProof ? host.Proof() : "", hasCertificate ? Certificate : null);
        JsonElement cnf = CallerKey.Payload(owner.ShouldBeToken()).GetProperty("cnf");
        if (hasProof)
            cnf.GetProperty("jkt").GetString().ShouldBe(host.Key.Thumbprint);
        if (hasCertificate)
            cnf.GetProperty("x5t#S256").GetString().ShouldBe(IssuerHost.ThumbprintOf(Certificate));
    }

    // Each kind is tried by every way that could touch it, so that a new one is not forgotten.
    [Fact]
    public void Tries_every_way() => Ways.Keys.Except(Table.Select(row => (string)row[1])).ShouldBeEmpty();
}
