using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Conformance.Tests;

public sealed class RawHttpClientTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("raw-");
    private readonly TestAuthority _authority;

    public RawHttpClientTests() => _authority = new TestAuthority(_directory.FullName);

    [Fact]
    public async Task Presents_the_certificate_of_the_request_and_no_other()
    {
        using var client = _authority.IssueClient("one");
        using var own = ForgedCertificates.SelfSigned(client);
        await using var server = new TlsServer(_authority.Server);
        var http = new RawHttpClient(TimeSpan.FromSeconds(10), [_authority.Certificate]);

        foreach (var certificate in new[] { client, null, own, null, client })
        {
            var response = await http.SendAsync(server.Request with { Certificate = certificate }, default);
            response.Body.ShouldBe(certificate?.GetCertHashString(HashAlgorithmName.SHA256) ?? "none");
        }
    }

    [Fact]
    public async Task Trusts_the_named_authority_for_the_name_in_the_URL_alone()
    {
        await using var server = new TlsServer(_authority.Server);
        using var other = new TestAuthority(_directory.CreateSubdirectory("other").FullName);

        (await StatusAsync(server.Request, [other.Certificate, _authority.Certificate])).ShouldBe(200);
        (await StatusAsync(server.Request, null)).ShouldBe(0);
        (await StatusAsync(server.Request, [other.Certificate])).ShouldBe(0);
        // The certificate names 127.0.0.1.
        var renamed = server.Request with { Origin = server.Request.Origin.Replace("127.0.0.1", "localhost") };
        (await StatusAsync(renamed, [_authority.Certificate])).ShouldBe(0);
    }

    [Fact]
    public async Task Tells_an_alert_from_silence()
    {
        // RFC 8446 §6: an alert record; fatal, unknown_ca.
        (await AnswerAsync([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x30])).ShouldBe(RawResponse.Alert);
        (await AnswerAsync([])).ShouldBe(RawResponse.None);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _directory.Delete(recursive: true);
    }

    private static async Task<int> StatusAsync(RawRequest request, X509Certificate2Collection? authorities) =>
        (await new RawHttpClient(TimeSpan.FromSeconds(10), authorities).SendAsync(request, default)).Status;

    private static async Task<RawResponse> AnswerAsync(byte[] octets)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var socket = await listener.AcceptTcpClientAsync();
            await socket.GetStream().ReadAsync(new byte[4096]);
            await socket.GetStream().WriteAsync(octets);
        });
        var request = new RawRequest($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", "GET", "/", []);
        var response = await new RawHttpClient(TimeSpan.FromSeconds(10)).SendAsync(request, default);
        await serving;
        return response;
    }

    /// <summary>Answers with the SHA-256 of the client's certificate.</summary>
    private sealed class TlsServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public TlsServer(X509Certificate2 certificate)
        {
            _listener.Start();
            _serving = ServeAsync(certificate);
        }

        public RawRequest Request => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}", "GET", "/", []);

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
        }

        private async Task ServeAsync(X509Certificate2 certificate)
        {
            while (true)
            {
                try
                {
                    using var socket = await _listener.AcceptTcpClientAsync();
                    await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
                    await tls.AuthenticateAsServerAsync(certificate, clientCertificateRequired: true, checkCertificateRevocation: false);
                    await tls.ReadAsync(new byte[4096]);
                    var body = tls.RemoteCertificate?.GetCertHashString(HashAlgorithmName.SHA256) ?? "none";
                    await tls.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
                }
                catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
                {
                    return;
                }
                catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // A client that does not trust us.
                }
            }
        }
    }
}
