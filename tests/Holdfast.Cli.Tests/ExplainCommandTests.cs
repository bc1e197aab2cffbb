using System.Text.Json;
using Holdfast.Cli.Up;
using Holdfast.Testing.Vectors;

namespace Holdfast.Cli.Tests;

public sealed class ExplainCommandTests : IDisposable
{
    private static readonly TestVector Good = VectorFiles.All["freshness/exp-ahead"];

    private readonly TemporaryFolder _folder = new();
    private readonly string[] _trust;

    public ExplainCommandTests()
    {
        _folder.Write("keys.json", Good.Policy.IssuerKeys!.Value.GetRawText());
        _trust = ["--jwks", "keys.json", "--issuer", Good.Policy.Issuer!, "--audience", Good.Policy.Audience!, "--origin", Good.Request.Origin, "--at", $"{Good.Now}"];
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Walks_an_HTTP_message_through_every_check()
    {
        CliRun run = await ExplainAsync(Message());

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldContain("Accepted: client orders-client.");
        run.Out.ShouldContain("passed       htu is the URL of the request (RFC 9449 §4.3 step 9)");
        run.Out.ShouldContain("not known    the proof was not used before");
        run.Out.ShouldContain("(--at)");
        run.Out.ShouldNotContain("eyJ");
        run.Out.ShouldNotContain("\e");
    }

    [Fact]
    public async Task Names_the_check_that_failed_what_was_expected_and_what_mends_it()
    {
        CliRun run = await ExplainAsync(Message().Replace("GET ", "DELETE ", StringComparison.Ordinal));

        run.Code.ShouldBe(1, run.All);
        run.Out.ShouldContain("FAILED HERE  htm is the method of the request");
        run.Out.ShouldContain("not reached  htu is the URL of the request");
        run.Out.ShouldContain("Refused: method_mismatch");
        foreach (string part in new[] { "expected  DELETE", "seen      GET", "  cause ", "  fix ", "answer    401 invalid_dpop_proof", "docs/failures.md#method_mismatch" })
            run.Out.ShouldContain(part);
    }

    [Fact]
    public async Task Reads_what_curl_says_it_sent()
    {
        string verbose = "*   Trying 127.0.0.1:443...\n" + string.Concat(Message().Split("\r\n").Select(line => $"> {line}\n")) + "< HTTP/1.1 200 OK\n< Date: Thu, 01 Jan 2026 00:00:00 GMT\n";

        (await ExplainAsync(verbose)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Reads_a_plain_request_as_JSON()
    {
        string json = JsonSerializer.Serialize(new { method = Good.Request.Method, url = Good.Request.Url, headers = Good.Request.Headers.ToDictionary(field => field[0], field => field[1]) });

        (await ExplainAsync(json)).Code.ShouldBe(0);
    }

    [Fact]
    public async Task Judges_at_the_time_of_the_message()
    {
        string date = DateTimeOffset.FromUnixTimeSeconds(Good.Now).ToString("r");
        string[] trust = _trust[..^2];

        CliRun then = await CliRun.WithInputAsync(_folder.Path, Message($"Date: {date}"), ["explain", .. trust]);
        CliRun now = await CliRun.WithInputAsync(_folder.Path, Message(), ["explain", .. trust, "--json"]);

        then.Code.ShouldBe(0, then.All);
        then.Out.ShouldContain("the message's Date field");
        now.Code.ShouldBe(1, now.All);
        now.Json.GetProperty("failure").GetProperty("name").GetString().ShouldBe("token_expired");
    }

    [Fact]
    public async Task Counts_field_lines_instead_of_joining_them()
    {
        string proof = Good.Request.Field("DPoP").Single!;

        CliRun run = await ExplainAsync(Message($"dpop: {proof}"), "--json");

        run.Json.GetProperty("failure").GetProperty("name").GetString().ShouldBe("proof_repeated", run.All);
    }

    [Fact]
    public async Task Says_which_keys_to_give_where_there_are_none()
    {
        CliRun run = await CliRun.WithInputAsync(_folder.Path, Message(), "explain", "--at", $"{Good.Now}");

        run.Code.ShouldBe(2, run.All);
        run.Out.ShouldContain("--jwks FILE");
        run.Out.ShouldContain("FAILED HERE  the access token is genuine");
    }

    [Fact]
    public async Task Says_what_it_takes_from_the_message_itself()
    {
        CliRun run = await CliRun.WithInputAsync(_folder.Path, Message(), "explain", "--jwks", "keys.json", "--at", $"{Good.Now}", "--json");

        run.Code.ShouldBe(0, run.All);
        string[] notes = [.. run.Json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!)];
        foreach (string option in new[] { "--issuer", "--audience", "--origin", "--nonce-key" })
            notes.ShouldContain(note => note.Contains(option, StringComparison.Ordinal), option);
    }

    [Fact]
    public async Task Hides_the_query_where_tokens_travel()
    {
        CliRun run = await ExplainAsync(Message().Replace(" HTTP/1.1", "?access_token=secret HTTP/1.1", StringComparison.Ordinal), "--json");

        run.Json.GetProperty("failure").GetProperty("name").GetString().ShouldBe("token_outside_header");
        run.Out.ShouldNotContain("secret");
    }

    // MTLS-23
    [Theory]
    [InlineData("client.pem")]
    [InlineData("client.der")]
    public async Task Takes_the_certificate_of_the_connection_from_a_file(string file)
    {
        TestVector bound = VectorFiles.All["mtls/mtls-certificate"];
        byte[] der = Convert.FromBase64String(bound.Request.Certificate!);
        _folder.Write("client.pem", "Bag Attributes\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n" + System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", der));
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "client.der"), der);

        CliRun with = await ExplainAsync(Message(bound), "--certificate", file);
        CliRun without = await ExplainAsync(Message(bound));

        with.Code.ShouldBe(0, with.All);
        with.Out.ShouldContain($"client certificate {CertificateThumbprint.Of(der)} (x5t#S256)");
        with.Out.ShouldContain("passed       the client certificate");
        without.Code.ShouldBe(1, without.All);
        without.Out.ShouldContain("Refused: certificate_missing");
        without.Out.ShouldContain("note: No message shows the connection's client certificate: give it with --certificate FILE.");
    }

    // FWD-22, FWD-24
    [Fact]
    public async Task Reads_the_certificate_from_the_fields_of_the_proxy_that_is_named()
    {
        TestVector bound = VectorFiles.All["certificate-headers/nginx-failed"];

        CliRun named = await ExplainAsync(Message(bound), "--forwarded", "nginx");
        CliRun renamed = await ExplainAsync(Message(bound).Replace("X-SSL-Client-Cert", "SSL-Cert", StringComparison.Ordinal), "--forwarded", "nginx", "--forwarded-field", "SSL-Cert");
        CliRun unnamed = await ExplainAsync(Message(bound));
        CliRun other = await ExplainAsync(Message(bound), "--forwarded", "apache", "--json");

        named.Code.ShouldBe(0, named.All);
        renamed.Code.ShouldBe(0, renamed.All);
        unnamed.Code.ShouldBe(1, unnamed.All);
        unnamed.Out.ShouldContain("note: The request has the field X-SSL-Client-Cert; if it comes from your own proxy, name its format with --forwarded.");
        other.Json.GetProperty("failure").GetProperty("name").GetString().ShouldBe("certificate_header_unreadable");
        other.Json.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("result").GetString() == "failed").GetProperty("check").GetString().ShouldBe("certificate");
    }

    // FWD-30
    [Fact]
    public async Task Counts_as_many_Envoys_as_are_named()
    {
        TestVector bound = VectorFiles.All["certificate-headers/envoy-xfcc-two-hops"];

        (await ExplainAsync(Message(bound), "--forwarded", "envoy-xfcc", "--xfcc-hops", "2")).Code.ShouldBe(0);
        (await ExplainAsync(Message(bound), "--forwarded", "envoy-xfcc")).Code.ShouldBe(1);
    }

    [Theory]
    [InlineData("--forwarded", "f5")]
    [InlineData("--forwarded", "nginx", "--certificate", "client.pem")]
    [InlineData("--forwarded", "nginx", "--xfcc-hops", "2")]
    [InlineData("--forwarded", "nginx", "--forwarded-field", "no field")]
    [InlineData("--forwarded-field", "SSL-Cert")]
    [InlineData("--xfcc-hops", "2")]
    [InlineData("--certificate", "missing.pem")]
    [InlineData("--certificate", "keys.json")]
    public async Task Refuses_a_certificate_that_it_cannot_read_or_place(params string[] options)
    {
        CliRun run = await ExplainAsync(Message(), options);

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldStartWith("holdfast: ");
        run.Error.ShouldNotContain("report it");
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n\n")]
    [InlineData("nonsense")]
    [InlineData("GET /orders\r\n\r\n")]
    [InlineData("GET /orders HTTP/1.1\r\nHost\r\n\r\n")]
    [InlineData("GET /orders HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"method\":\"GET\",\"method\":\"GET\",\"url\":\"https://a/\"}")]
    [InlineData("{\"method\":1,\"url\":\"https://a/\"}")]
    [InlineData("{\"method\":\"GET\",\"url\":\"a\"}")]
    [InlineData("{\"method\":\"GET\",\"url\":\"https://a/\",\"headers\":[[\"DPoP\"]]}")]
    [InlineData("{\"method\":\"GET\",\"url\":\"https://a/\",\"headers\":7}")]
    [InlineData("{\"now\":1e999,\"request\":{\"method\":\"GET\",\"url\":\"https://a/\"}}")]
    [InlineData("{\"request\":{\"method\":\"GET\",\"url\":\"https://a/\"},\"policy\":{\"role\":\"king\"}}")]
    [InlineData("{\"request\":{\"method\":\"GET\",\"url\":\"https://a/\"},\"policy\":7}")]
    [InlineData("{\"request\":{\"method\":\"GET\",\"url\":\"https://a/\"},\"policy\":{\"peer\":\"me\"}}")]
    [InlineData("{\"request\":{\"method\":\"GET\",\"url\":\"https://a/\"},\"policy\":{\"forwardedCertificate\":{\"format\":\"f5\"}}}")]
    [InlineData("{\"method\":\"GET\",\"url\":\"https://a/\",\"certificate\":\"AAAA\"}")]
    [InlineData("{\"method\":\"GET\",\"url\":\"https://a/\",\"certificate\":\"?\"}")]
    public async Task Refuses_input_that_cannot_be_read(string input)
    {
        CliRun run = await CliRun.WithInputAsync(_folder.Path, input, "explain", "--jwks", "keys.json");

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldStartWith("holdfast: ");
        run.Error.ShouldNotContain("report it");
        run.Out.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_input_without_end()
    {
        CliRun run = await ExplainAsync(new string('x', 1024 * 1024 + 1));

        run.Code.ShouldBe(2);
        run.Error.ShouldContain("1 MiB");
    }

    [Theory]
    [InlineData("--jwks", "missing.json")]
    [InlineData("--jwks", "not-keys.json")]
    [InlineData("--at", "yesterday")]
    [InlineData("--nonce-key", "abc")]
    public async Task Refuses_options_that_it_cannot_use(string option, string value)
    {
        _folder.Write("not-keys.json", "[]");
        CliRun run = await CliRun.WithInputAsync(_folder.Path, Message(), "explain", "--jwks", "keys.json", option, value);

        run.Code.ShouldBe(2, run.All);
    }

    private Task<CliRun> ExplainAsync(string input, params string[] more) => CliRun.WithInputAsync(_folder.Path, input, ["explain", .. _trust, .. more]);

    private static string Message(params string[] more) => Message(Good, more);

    private static string Message(TestVector vector, params string[] more) => string.Join("\r\n",
    [
        $"{vector.Request.Method} {vector.Request.RawTarget} HTTP/1.1",
        $"Host: {vector.Request.Authority}",
        .. vector.Request.Headers.Select(field => $"{field[0]}: {field[1]}"),
        .. more,
        "", "",
    ]);
}
