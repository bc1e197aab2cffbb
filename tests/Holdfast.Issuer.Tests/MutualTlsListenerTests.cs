using System.Diagnostics;
using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>Certificates as a real TLS stack hands them over.</summary>
public sealed class MutualTlsListenerTests : IAsyncLifetime
{
    private const string Machine = "machine", Own = "self-signed";

    private readonly CallerKey _key = new();
    private readonly TestAuthority _root = TestAuthority.Root(now: TimeProvider.System.GetUtcNow());
    private readonly TestAuthority _intermediate;
    private readonly X509Certificate2 _selfSigned = TestAuthority.SelfSigned(now: TimeProvider.System.GetUtcNow());
    private MutualTlsServer _server = null!;

    public MutualTlsListenerTests() => _intermediate = _root.Intermediate();

    public async Task InitializeAsync() => _server = await MutualTlsServer.StartAsync(_key, o =>
    {
        o.MutualTls.TrustedCertificateAuthorities.Add(_root.Pem);
        o.Clients.Add(new()
        {
            ClientId = Machine, AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = "CN=orders", Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        });
        o.Clients.Add(new()
        {
            ClientId = Own, AuthenticationMethod = "self_signed_tls_client_auth", Jwks = CertificateJwk.Set(CertificateJwk.Of(_selfSigned)),
            Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        });
    });

    public async Task DisposeAsync() => await _server.DisposeAsync();

    private static string X5t(TokenAnswer answer) => CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetProperty("x5t#S256").GetString()!;

    public static TheoryData<SslProtocols, string> Connections => new()
    {
        { SslProtocols.Tls12, "1.1" }, { SslProtocols.Tls12, "2.0" }, { SslProtocols.Tls13, "1.1" }, { SslProtocols.Tls13, "2.0" },
    };

    // MTLS-01, MTLS-18, MTLS-33, MTLS-46: both versions of TLS and HTTP, and a certificate that nobody vouches for.
    [Theory]
    [MemberData(nameof(Connections))]
    public async Task Authenticates_by_certificate_over(SslProtocols protocol, string version)
    {
        using HttpClient own = MutualTlsServer.Connect(_selfSigned, protocol, Version.Parse(version));
        X5t(await _server.AskAsync(own, _server.Alias, IssuerHost.CertificateForm(Own))).ShouldBe(IssuerHost.ThumbprintOf(_selfSigned));

        // MTLS-06: the intermediate comes with the handshake alone.
        using X509Certificate2 certificate = _intermediate.Issue();
        using HttpClient issued = MutualTlsServer.Connect(certificate, protocol, Version.Parse(version), _intermediate.Certificate);
        X5t(await _server.AskAsync(issued, _server.Alias, IssuerHost.CertificateForm(Machine))).ShouldBe(IssuerHost.ThumbprintOf(certificate));
    }

    // MTLS-18: each connection binds to its own.
    [Fact]
    public async Task Binds_to_the_certificate_of_the_connection()
    {
        using X509Certificate2 first = _root.Issue(), second = _root.Issue();
        using HttpClient one = MutualTlsServer.Connect(first), other = MutualTlsServer.Connect(second);
        for (int i = 0; i < 2; i++)
        {
            X5t(await _server.AskAsync(one, _server.Alias, IssuerHost.CertificateForm(Machine))).ShouldBe(IssuerHost.ThumbprintOf(first));
            X5t(await _server.AskAsync(other, _server.Alias, IssuerHost.CertificateForm(Machine))).ShouldBe(IssuerHost.ThumbprintOf(second));
        }
    }

    // MTLS-38: the issuer's own listener asks nobody.
    [Fact]
    public async Task Gets_no_certificate_where_the_listener_does_not_ask()
    {
        using HttpClient client = MutualTlsServer.Connect(_selfSigned);
        TokenAnswer answer = await _server.AskAsync(client, _server.Issuer, IssuerHost.CertificateForm(Own));
        answer.Error.ShouldBe("invalid_client");
        _server.Log.Failures[^1].ShouldBe("client_certificate_missing");
    }

    // MTLS-39: where it asks, a client without one is served all the same. DPOP-AS-40
    [Fact]
    public async Task Serves_clients_without_a_certificate_at_the_alias_too()
    {
        using HttpClient client = MutualTlsServer.Connect(null);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var form = IssuerHost.CertificateForm(null, ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", _key.Assertion(IssuerHost.ClientId, _server.Issuer, now)));
        TokenAnswer answer = await _server.AskAsync(client, _server.Alias, form, _key.Proof(_server.Alias + "/token", now));
        answer.ShouldBeToken();
        answer.Member("token_type").ShouldBe("DPoP");
    }

    // MTLS-44: the TLS stack takes an expired certificate; the refusal has a name instead of a broken connection.
    [Fact]
    public async Task Refuses_an_expired_certificate_by_name()
    {
        using X509Certificate2 expired = _root.Issue(until: TimeSpan.FromMinutes(-1));
        using HttpClient client = MutualTlsServer.Connect(expired);
        (await _server.AskAsync(client, _server.Alias, IssuerHost.CertificateForm(Machine))).Error.ShouldBe("invalid_client");
        _server.Log.Failures[^1].ShouldBe("client_certificate_expired");
    }

    // MTLS-17
    [Fact]
    public async Task Refuses_a_certificate_of_another_authority_by_name()
    {
        var other = TestAuthority.Root("CN=Other", now: TimeProvider.System.GetUtcNow());
        using X509Certificate2 certificate = other.Issue();
        using HttpClient client = MutualTlsServer.Connect(certificate, chain: [other.Certificate]);
        (await _server.AskAsync(client, _server.Alias, IssuerHost.CertificateForm(Machine))).Error.ShouldBe("invalid_client");
        _server.Log.Failures[^1].ShouldBe("client_certificate_untrusted");
    }

    // MTLS-47: a resumed session has the certificate, and what the chain needs.
    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task Authenticates_over_a_resumed_session(string protocol)
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 certificate = _intermediate.Issue();
        string pem = folder.Write("c.pem", certificate.ExportCertificatePem() + "\n");
        string key = folder.Write("k.pem", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n");
        string chain = folder.Write("i.pem", _intermediate.Pem + "\n");
        string session = folder.At("s.pem");
        string[] arguments = ["s_client", "-connect", new Uri(_server.Alias).Authority, protocol, "-cert", pem, "-key", key, "-cert_chain", chain, "-ign_eof"];

        string fresh = await AskWithOpenSslAsync([.. arguments, "-sess_out", session]);
        fresh.ShouldContain("New, TLS");
        fresh.ShouldContain("access_token");
        string resumed = await AskWithOpenSslAsync([.. arguments, "-sess_in", session]);
        resumed.ShouldContain("Reused, TLS");
        resumed.ShouldContain("access_token");
    }

    private async Task<string> AskWithOpenSslAsync(string[] arguments)
    {
        const string form = $"grant_type=client_credentials&client_id={Machine}";
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync("POST /token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {form.Length}\r\n\r\n{form}");
        await process.StandardInput.FlushAsync();
        // It ends when the server closes the connection, with its input still open.
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(ProcessRun.Limit);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return output + await errors;
    }
}
