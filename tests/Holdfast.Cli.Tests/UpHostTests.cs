using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

public sealed class UpHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.At("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Says_where_everything_is_once_everything_answers()
    {
        await using UpHost host = await StartAsync();
        UpDocument up = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Data, "up.json")), CliJson.Line.UpDocument)!;

        up.ShouldBe(host.Document);
        up.Audience.ShouldBe(up.Resource);
        up.Scope.ShouldBe("orders:read orders:write");
        up.Pid.ShouldBe(Environment.ProcessId);
        File.Exists(up.ClientKeyPem).ShouldBeTrue();
        foreach (string? path in new[] { up.CaPem, up.MtlsCertificatePem, up.MtlsKeyPem })
            (Path.IsPathFullyQualified(path!) && File.Exists(path)).ShouldBeTrue(path);
        up.MtlsClientId.ShouldBe("orders-mtls-client");
        JsonDocument.Parse(File.ReadAllText(up.ClientKeyJwk)).RootElement.GetProperty("d").GetString()!.Length.ShouldBe(43);
        (await StatusAsync($"{up.Issuer}/.well-known/oauth-authorization-server")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync($"{up.Resource}/orders")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    // MTLS-38, MTLS-39
    [Fact]
    public async Task Serves_both_over_TLS_and_asks_for_a_certificate_without_needing_one()
    {
        await using UpHost host = await StartAsync();
        UpDocument up = host.Document;

        up.MtlsResource.ShouldNotBeNull().ShouldStartWith("https://localhost:");
        (await HandshakeAsync(new Uri(host.MtlsTokenEndpoint), up)).ShouldBe((true, HttpStatusCode.MethodNotAllowed));
        (await HandshakeAsync(new Uri($"{up.MtlsResource}/orders"), up)).ShouldBe((true, HttpStatusCode.Unauthorized));
    }

    [Fact]
    public async Task Takes_the_port_beside_the_plain_one_and_another_where_that_is_taken()
    {
        (int issuer, int api) = PortsWithRoomBeside();
        var options = new UpOptions { DataDirectory = Data, IssuerPort = issuer, ApiPort = api };
        using (var taken = new TcpListener(IPAddress.Loopback, api + 43))
        {
            taken.Start();
            await using UpHost host = await UpHost.StartAsync(options, CancellationToken.None);
            new Uri(host.MtlsTokenEndpoint).Port.ShouldBe(issuer + 43);
            new Uri(host.Document.MtlsResource!).Port.ShouldNotBe(api + 43);
        }
        await using UpHost second = await UpHost.StartAsync(options, CancellationToken.None);
        new Uri(second.Document.MtlsResource!).Port.ShouldBe(api + 43);
    }

    [Fact]
    public async Task Names_a_TLS_port_that_was_asked_for_and_is_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        await FailsAsync(Options with { ApiTlsPort = port }, $"Port {port} is in use by another program; stop that program, or choose another port with --api-tls-port.");
    }

    [Theory]
    [InlineData("GET", "/nothing", 404, "There is nothing here.")]
    [InlineData("DELETE", "/orders", 405, "Not with this method.")]
    public async Task Tells_a_path_that_does_not_exist_from_a_method_that_does_not(string method, string path, int status, string title)
    {
        await using UpHost host = await StartAsync();
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.SendAsync(new HttpRequestMessage(new HttpMethod(method), host.Document.Resource + path));

        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("title").GetString().ShouldBe(title);
    }

    [Fact]
    public async Task Keeps_everything_to_its_owner()
    {
        await using UpHost host = await StartAsync();

        File.GetUnixFileMode(Data).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (string file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        Directory.EnumerateFiles(Data, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Removes_the_document_when_it_stops_and_uses_its_keys_again()
    {
        UpHost first = await StartAsync();
        first.IsNew.ShouldBeTrue();
        await first.StopAsync();
        File.Exists(first.DocumentPath).ShouldBeFalse();
        string[] keys = Keys();

        await using UpHost second = await StartAsync();

        second.IsNew.ShouldBeFalse();
        Keys().ShouldBe(keys);
    }

    [Fact]
    public async Task Makes_the_public_files_anew_from_the_key()
    {
        await (await StartAsync()).StopAsync();
        string[] keys = Keys();
        File.Delete(Path.Combine(Data, "client-key.jwk.json"));
        File.Delete(Path.Combine(Data, "client-jwks.json"));

        await using UpHost again = await StartAsync();

        Keys().ShouldBe(keys);
    }

    [Fact]
    public async Task Refuses_a_directory_that_another_one_uses()
    {
        await using UpHost first = await StartAsync();

        CliException failure = await Should.ThrowAsync<CliException>(StartAsync());

        failure.Message.ShouldContain("Another 'holdfast up'");
        failure.Message.ShouldContain($"process {Environment.ProcessId}");
        File.Exists(first.DocumentPath).ShouldBeTrue();
    }

    [Fact]
    public async Task Names_each_port_in_use_and_creates_nothing()
    {
        using var one = new TcpListener(IPAddress.Loopback, 0);
        using var two = new TcpListener(IPAddress.Loopback, 0);
        one.Start();
        two.Start();
        int[] ports = [((IPEndPoint)one.LocalEndpoint).Port, ((IPEndPoint)two.LocalEndpoint).Port];

        CliException failure = await Should.ThrowAsync<CliException>(UpHost.StartAsync(
            new UpOptions { DataDirectory = Data, IssuerPort = ports[0], ApiPort = ports[1] }, CancellationToken.None));

        failure.Problems.Count.ShouldBe(2);
        failure.Problems[0].ShouldContain($"{ports[0]} is in use");
        failure.Problems[0].ShouldContain("--issuer-port");
        failure.Problems[1].ShouldContain($"{ports[1]} is in use");
        failure.Problems[1].ShouldContain("--api-port");
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Refuses_one_port_for_both() => await FailsAsync(
        new UpOptions { DataDirectory = Data, IssuerPort = 7199, ApiPort = 7199 }, "a port of its own");

    [Fact]
    public async Task Refuses_a_file_in_place_of_the_directory()
    {
        File.WriteAllText(Data, "");
        await FailsAsync("is a file");
    }

    [Fact]
    public async Task Refuses_a_directory_below_a_file()
    {
        File.WriteAllText(Data, "");
        await FailsAsync(Options with { DataDirectory = Path.Combine(Data, "below") }, "cannot be used");
    }

    [Theory]
    [InlineData(0, "chmod 700")]
    [InlineData(0x1ff /* 0777 */, "chmod 700")]
    public async Task Refuses_a_directory_that_its_owner_cannot_use_or_that_others_can_change(int mode, string expected)
    {
        Directory.CreateDirectory(Data);
        File.SetUnixFileMode(Data, (UnixFileMode)mode);
        await FailsAsync(expected);
        File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("client-key.pem", "nonsense")]
    [InlineData("client-key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("client-key.jwk.json", "{")]
    [InlineData("client-key.jwk.json", "{}")]
    [InlineData("client-jwks.json", "{\"keys\":[]}")]
    public async Task Refuses_a_damaged_key_file(string name, string content)
    {
        await (await StartAsync()).StopAsync();
        File.WriteAllText(Path.Combine(Data, name), content);

        await FailsAsync(Path.GetFileName(name));
        await FailsAsync("damaged");
    }

    [Theory]
    [InlineData("client-key.pem")]
    [InlineData("issuer/signing-key.pem")]
    public async Task Refuses_a_key_file_that_others_can_read(string name)
    {
        await (await StartAsync()).StopAsync();
        File.AppendAllText(Path.Combine(Data, name), "");
        File.SetUnixFileMode(Path.Combine(Data, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        await FailsAsync("chmod 600");
    }

    [Fact]
    public async Task Waits_until_the_fence_has_passed_where_no_nonce_could_be_asked_for()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await (await StartAsync()).StopAsync();
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);

        Task<UpHost> starting = UpHost.StartAsync(Options with { NonceMode = NonceMode.Off, Time = time, OnNotice = notice => told.TrySetResult(notice) }, CancellationToken.None);
        (await told.Task).ShouldContain("waiting 10 s");
        File.Exists(Path.Combine(Data, "up.json")).ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(11));

        await using UpHost host = await starting;
        File.Exists(host.DocumentPath).ShouldBeTrue();
    }

    // DPOP-V-32
    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=holdfast;Timeout=1;Password=never-shown", "The database of --postgres cannot be used: Failed to connect to 127.0.0.1:1")]
    [InlineData("Hots=127.0.0.1;Password=never-shown", "--postgres: ConnectionString: ")]
    public async Task Names_a_database_that_cannot_be_used(string database, string expected)
    {
        var notices = new List<string>();
        CliException failure = await Should.ThrowAsync<CliException>(UpHost.StartAsync(Options with { Postgres = database, OnNotice = notices.Add }, CancellationToken.None));

        failure.Problems.ShouldHaveSingleItem().ShouldStartWith(expected);
        notices.Append(failure.Message).ShouldAllBe(text => !text.Contains("never-shown"));
        File.Exists(Path.Combine(Data, "up.json")).ShouldBeFalse();
    }

    // DPOP-V-28
    [Fact]
    public async Task Shares_no_records_without_nonces() =>
        (await Should.ThrowAsync<CliException>(UpHost.StartAsync(Options with { Postgres = "Host=127.0.0.1;Port=1", NonceMode = NonceMode.Off }, CancellationToken.None)))
            .Problems.ShouldHaveSingleItem().ShouldStartWith("--nonce off does not go with --postgres");

    [Fact]
    public async Task Does_not_wait_on_a_first_start()
    {
        var time = new ManualTimeProvider(TimeProvider.System.GetUtcNow());
        await using UpHost host = await UpHost.StartAsync(Options with { NonceMode = NonceMode.Off, Time = time }, CancellationToken.None);

        host.IsNew.ShouldBeTrue();
    }

    private UpOptions Options => new() { DataDirectory = Data, IssuerPort = 0, ApiPort = 0 };

    private Task<UpHost> StartAsync() => UpHost.StartAsync(Options, CancellationToken.None);

    private Task FailsAsync(string expected) => FailsAsync(Options, expected);

    private async Task FailsAsync(UpOptions options, string expected)
    {
        CliException failure = await Should.ThrowAsync<CliException>(UpHost.StartAsync(options, CancellationToken.None));
        failure.Problems.ShouldHaveSingleItem().ShouldContain(expected);
        File.Exists(Path.Combine(Data, "up.json")).ShouldBeFalse();
    }

    private string[] Keys() => [.. new[] { "client-key.pem", "client-key.jwk.json", "client-jwks.json" }.Concat(Directory.GetFiles(Path.Combine(Data, "issuer", "key-ring")).Order())
        .Select(name => File.ReadAllText(Path.Combine(Data, name)))];

    // Two free ports with another free one 43 above each; a port that was free a moment ago is all that can be had.
    private static (int Issuer, int Api) PortsWithRoomBeside()
    {
        while (true)
        {
            int[] ports = FreePort.Take(2);
            try
            {
                foreach (int port in ports)
                {
                    using var beside = new TcpListener(IPAddress.Loopback, port + 43);
                    beside.Start();
                }
                if (Math.Abs(ports[0] - ports[1]) != 43)
                    return (ports[0], ports[1]);
            }
            catch (Exception failure) when (failure is SocketException or ArgumentOutOfRangeException)
            {
                // Taken; others are not.
            }
        }
    }

    // Whether the server asked for a certificate in the handshake, and what it answered to a caller that had none.
    private static async Task<(bool IsAsked, HttpStatusCode Status)> HandshakeAsync(Uri url, UpDocument up)
    {
        bool isAsked = false;
        using var ca = X509CertificateLoader.LoadCertificateFromFile(up.CaPem!);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { ca }, RevocationMode = X509RevocationMode.NoCheck },
                // Called a second time, with what the server said, where it asks.
                LocalCertificateSelectionCallback = (_, _, _, server, _) =>
                {
                    isAsked |= server is not null;
                    return null!;
                },
            },
        });
        using HttpResponseMessage response = await http.GetAsync(url);
        return (isAsked, response.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(string url)
    {
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.GetAsync(new Uri(url));
        return response.StatusCode;
    }
}
