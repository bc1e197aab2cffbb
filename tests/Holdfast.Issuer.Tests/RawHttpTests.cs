using Holdfast.Storage;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer.Tests;

/// <summary>What only a real server and raw octets can show.</summary>
public sealed class RawHttpTests : IAsyncLifetime
{
    private readonly CallerKey _key = new();
    private readonly string _directory = IssuerHost.NewDirectory();
    private readonly RefusalLog _log = new();
    private readonly Watch _watch = new();
    private WebApplication _app = null!;
    private int _port;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders().AddProvider(_log).AddProvider(_watch).SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddHoldfastIssuer(options =>
        {
            IssuerHost.Defaults(options, _key, _directory);
            options.Clients[0].DPoPBoundAccessTokens = false;
        });
        builder.Services.AddHoldfastStorage(options => options.DataDirectory = _directory);
        _app = builder.Build();
        _app.MapHoldfastIssuer();
        await _app.StartAsync();
        _port = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private string Form() => "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        + $"&client_assertion={_key.Assertion(IssuerHost.ClientId, IssuerHost.Issuer, TimeProvider.System.GetUtcNow())}";

    private string Proof() => _key.Proof(IssuerHost.TokenEndpoint, TimeProvider.System.GetUtcNow());

    private Task<string> PostAsync(string fields, string? body = null)
    {
        string form = body ?? Form();
        return SendAsync($"POST /token HTTP/1.1\r\nHost: id.example\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(form)}\r\n{fields}\r\n{form}");
    }

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer);
        }
        catch (IOException)
        {
            // The server may close while we still write; what it said is in the buffer.
        }
        return Encoding.UTF8.GetString(answer.ToArray());
    }

    [Fact]
    public async Task Issues_a_token_over_a_real_server()
    {
        string answer = await PostAsync($"DPoP: {Proof()}\r\n");
        answer.ShouldStartWith("HTTP/1.1 200");
        answer.ShouldContain("\"token_type\":\"DPoP\"");
        answer.ShouldContain("Cache-Control: no-store");
    }

    // DPOP-AS-02, DPOP-AS-03: an empty field is a malformed proof, not an absent one.
    [Theory]
    [InlineData("DPoP:\r\n")]
    [InlineData("DPoP: \r\n")]
    [InlineData("DPoP:\t\r\n")]
    public async Task Refuses_an_empty_proof(string fields)
    {
        string answer = await PostAsync(fields);
        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("\"invalid_dpop_proof\"");
        _log.Failures.ShouldBe([FailureCatalog.Get(VerificationFailure.ProofMalformed).Name]);
    }

    // DPOP-AS-02: the field names of HTTP do not have case.
    [Fact]
    public async Task Counts_lines_of_a_proof_in_any_case()
    {
        (await PostAsync($"DPoP: {Proof()}\r\ndpop: {Proof()}\r\n")).ShouldContain("\"invalid_dpop_proof\"");
        (await PostAsync($"DPoP: {Proof()}\r\nDPOP:\r\n")).ShouldContain("\"invalid_dpop_proof\"");
        _log.Failures.ShouldAllBe(failure => failure == FailureCatalog.Get(VerificationFailure.ProofRepeated).Name);
        (await PostAsync($"dpop: {Proof()}\r\n")).ShouldContain("\"token_type\":\"DPoP\"");
    }

    [Fact]
    public async Task Counts_an_empty_Authorization_field_as_a_method()
    {
        (await PostAsync("Authorization:\r\n")).ShouldContain("\"invalid_client\"");
        (await PostAsync("Authorization: Basic YTpi\r\nAuthorization: Basic YTpi\r\n", "grant_type=client_credentials")).ShouldContain("\"invalid_client\"");
    }

    [Fact]
    public async Task Refuses_broken_chunks_without_a_server_error()
    {
        string answer = await SendAsync("POST /token HTTP/1.1\r\nHost: id.example\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n");
        answer.ShouldStartWith("HTTP/1.1 400");
        answer.ShouldContain("\"invalid_request\"");
    }

    [Fact]
    public async Task Refuses_endless_chunks()
    {
        string chunk = $"4000\r\n{new string('a', 0x4000)}\r\n";
        string answer = await SendAsync("POST /token HTTP/1.1\r\nHost: id.example\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
            + string.Concat(Enumerable.Repeat(chunk, 5)) + "0\r\n\r\n");
        answer.ShouldStartWith("HTTP/1.1 413");
        answer.ShouldContain("\"invalid_request\"");
    }

    [Theory]
    [InlineData("/token?x=%zz")]
    [InlineData("/token?")]
    [InlineData("//token")]
    [InlineData("/token/")]
    [InlineData("/%74oken")]
    public async Task Never_answers_with_a_server_error(string path)
    {
        string body = Form();
        string answer = await SendAsync($"POST {path} HTTP/1.1\r\nHost: id.example\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}");
        int.Parse(answer.AsSpan(9, 3)).ShouldBeLessThan(500);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_caller_that_hangs_up_in_the_middle_is_no_error_of_the_server(bool reset)
    {
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, _port);
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync("POST /token HTTP/1.1\r\nHost: id.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ngrant"u8.ToArray());
            await _watch.Begun.Task;
            if (reset)
                client.LingerState = new LingerOption(true, 0);
        }

        // Stopping waits for the requests that are under way.
        await _app.StopAsync();
        _watch.Errors.ShouldBeEmpty();
    }

    /// <summary>Tells when an endpoint begins to run, and keeps what the server calls an error.</summary>
    private sealed class Watch : ILoggerProvider, ILogger
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public System.Collections.Concurrent.ConcurrentQueue<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "ExecutingEndpoint")
                Begun.TrySetResult();
            if (logLevel >= LogLevel.Error)
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
        }

        public void Dispose() { }
    }
}
