namespace Holdfast.Cli.Tests;

[Collection(RunningUp.Name)]
public sealed class CallCommandTests(UpFixture up)
{
    // MTLS-22, DPOP-RS-23
    [Theory]
    [InlineData]
    [InlineData("--binding", "both")]
    public async Task Calls_as_the_client_with_the_certificate(params string[] binding)
    {
        CliRun run = await CliRun.AsOf(up.Folder, ["call", "GET", "/orders", "--mtls", .. binding]);

        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("orders").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Calls_a_path_of_the_resource()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "call", "GET", "/orders");

        run.Code.ShouldBe(0, run.All);
        run.Json.GetProperty("orders")[0].GetProperty("id").GetString().ShouldBe("1");
        run.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Calls_an_absolute_URL_and_shows_status_and_fields()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "call", "GET", $"{up.Document.Resource}/orders/1", "--include");

        run.Code.ShouldBe(0, run.All);
        run.Out.ShouldStartWith("HTTP/1.1 200 OK");
        run.Out.ShouldContain("Content-Type: application/json");
    }

    [Fact]
    public async Task Sends_a_body_from_the_line_a_file_or_standard_input()
    {
        File.WriteAllText(Path.Combine(up.Folder, "order.json"), """{"item":"from a file","quantity":2}""");

        CliRun line = await CliRun.AsOf(up.Folder, "call", "POST", "/orders", "--data", """{"item":"from the line","quantity":1}""");
        CliRun file = await CliRun.AsOf(up.Folder, "call", "POST", "/orders", "--data", "@order.json");
        CliRun input = await CliRun.WithInputAsync(up.Folder, """{"item":"from input","quantity":3}""", "call", "POST", "/orders", "--data", "@-");

        line.Json.GetProperty("item").GetString().ShouldBe("from the line", line.All);
        file.Json.GetProperty("item").GetString().ShouldBe("from a file", file.All);
        input.Json.GetProperty("item").GetString().ShouldBe("from input", input.All);
    }

    [Fact]
    public async Task Shows_the_challenge_of_a_refusal_and_what_it_means()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "call", "GET", "/orders", "--scope", "orders:write");

        run.Code.ShouldBe(1, run.All);
        run.Error.ShouldContain("answered 403");
        run.Error.ShouldContain("WWW-Authenticate: DPoP error=\"insufficient_scope\"");
        run.Error.ShouldContain("it lacks a scope that the route demands");
    }

    [Fact]
    public async Task Names_the_failure_where_the_server_does()
    {
        // The API takes tokens for itself only; this one says that it is for the same API under its other name.
        CliRun run = await CliRun.AsOf(up.Folder, "call", "GET", $"{up.Document.Resource.Replace("localhost", "[::1]", StringComparison.Ordinal)}/orders", "--json");

        run.Code.ShouldBe(1, run.All);
        run.Json.GetProperty("status").GetInt32().ShouldBeOneOf(401, 503);
        run.Json.GetProperty("failure").GetString().ShouldBeOneOf("target_mismatch", "target_unknown");
        run.Json.GetProperty("meaning").GetString()!.ShouldContain("docs/failures.md#");
        run.Out.ShouldNotContain("eyJ");
    }

    [Fact]
    public async Task Describes_an_answer_as_JSON()
    {
        CliRun run = await CliRun.AsOf(up.Folder, "call", "GET", "/orders/none", "--json");

        run.Code.ShouldBe(1, run.All);
        run.Json.GetProperty("method").GetString().ShouldBe("GET");
        run.Json.GetProperty("status").GetInt32().ShouldBe(404);
        run.Json.GetProperty("headers").GetProperty("Content-Type")[0].GetString().ShouldBe("application/problem+json");
        run.Json.GetProperty("body").GetString()!.ShouldContain("no such order");
        run.Json.GetProperty("challenges").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("GET", "orders")]
    [InlineData("GET", "ftp://localhost/orders")]
    [InlineData("GE T", "/orders")]
    [InlineData("GET", "/orders", "--header", "nonsense")]
    [InlineData("GET", "/orders", "--header", "Content-Type: text/plain")]
    [InlineData("POST", "/orders", "--data", "@missing.json")]
    [InlineData("GET", "/orders", "--header", "Authorization: Bearer x")]
    [InlineData("GET", "/orders", "--header", "DPoP: x")]
    public async Task Refuses_to_try_what_cannot_be_sent(params string[] line)
    {
        CliRun run = await CliRun.AsOf(up.Folder, ["call", .. line]);

        run.Code.ShouldBe(2, run.All);
        run.Error.ShouldStartWith("holdfast: ");
        run.Error.ShouldNotContain("   at ");
        run.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"item":"x"}""", 400)]
    [InlineData("""{"item":"","quantity":1}""", 400)]
    [InlineData("""{"item":"x","quantity":0}""", 400)]
    [InlineData("""{"item":"x","quantity":1,"price":0}""", 400)]
    [InlineData("""{"item":"x","quantity":1e99}""", 400)]
    public async Task The_API_refuses_what_is_not_an_order(string body, int status)
    {
        CliRun run = await CliRun.AsOf(up.Folder, "call", "POST", "/orders", "--json", "--data", body);

        run.Code.ShouldBe(1, run.All);
        run.Json.GetProperty("status").GetInt32().ShouldBe(status);
        run.Json.GetProperty("headers").GetProperty("Content-Type")[0].GetString().ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task The_API_refuses_other_types_and_long_bodies()
    {
        CliRun type = await CliRun.AsOf(up.Folder, "call", "POST", "/orders", "--json", "--data", "item=x", "-H", "Content-Type: application/x-www-form-urlencoded");
        CliRun length = await CliRun.AsOf(up.Folder, "call", "POST", "/orders", "--json", "--data", "{\"item\":\"" + new string('x', 20_000) + "\",\"quantity\":1}");

        CliRun form = await CliRun.AsOf(up.Folder, "call", "POST", "/orders", "--json", "--data", new string('x', 20_000), "-H", "Content-Type: application/x-www-form-urlencoded");

        form.Json.GetProperty("status").GetInt32().ShouldBe(415);
        type.Json.GetProperty("status").GetInt32().ShouldBe(415);
        length.Json.GetProperty("status").GetInt32().ShouldBe(413);
    }
}
