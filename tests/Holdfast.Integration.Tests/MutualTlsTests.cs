using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary>Certificate-bound tokens with clients that were written by others, against the processes that people run.</summary>
public sealed class MutualTlsTests(UpFixture plain) : IClassFixture<UpFixture>
{
    private Up Up => plain.Up;

    // AT-51, MTLS-19, MTLS-20, MTLS-22, MTLS-24, MTLS-25, MTLS-28, MTLS-34, MTLS-35, MTLS-37
    [NodeFact]
    public async Task Openid_client_gets_in_by_its_certificate_and_its_token_alone_does_not()
    {
        JsonElement seen = await NodeScript.RunAsync("openid-client-mtls", Up.JsonPath);

        string alias = seen.GetProperty("aliases").GetProperty("token_endpoint").GetString()!;
        alias.ShouldStartWith("https://");
        seen.GetProperty("asked").EnumerateArray().Select(url => url.GetString()).ShouldAllBe(url => url == alias);
        seen.GetProperty("certificateBound").GetBoolean().ShouldBeTrue();
        seen.GetProperty("methods").EnumerateArray().Select(method => method.GetString()).ShouldContain("tls_client_auth");
        seen.GetProperty("tokenType").GetString().ShouldBe("bearer", StringCompareShould.IgnoreCase);
        seen.GetProperty("bound").GetBoolean().ShouldBeTrue();
        // Without a resource, with the URL of the listener, with the identifier: one resource, one audience.
        seen.GetProperty("statuses").EnumerateArray().Select(status => status.GetInt32()).ShouldBe([200, 200, 200]);
        seen.GetProperty("audiences").EnumerateArray().Select(aud => aud.GetString()).ShouldBe([Up.Audience, Up.Audience, Up.Audience]);

        foreach (string refused in new[] { "downgrade", "plainListener" })
        {
            seen.GetProperty(refused).GetProperty("status").GetInt32().ShouldBe(401);
            seen.GetProperty(refused).GetProperty("challenge").GetString()!.ShouldContain("Bearer error=\"invalid_token\"");
        }
        seen.GetProperty("tokenWithout").GetProperty("error").GetString().ShouldBe("invalid_client");

        // DPOP-RS-23
        JsonElement both = seen.GetProperty("both");
        both.GetProperty("members").EnumerateArray().Select(member => member.GetString()).ShouldBe(["jkt", "x5t#S256"]);
        both.GetProperty("tokenType").GetString().ShouldBe("dpop", StringCompareShould.IgnoreCase);
        both.GetProperty("status").GetInt32().ShouldBe(200);
    }

    // MTLS-22, MTLS-23, MTLS-46, MTLS-48
    [CurlFact]
    public async Task Curl_gets_in_by_its_certificate_over_every_protocol()
    {
        string endpoint = await AliasAsync();
        foreach (string[] protocol in new string[][] { ["--http1.1"], ["--http2"], ["--http1.1", "--tls-max", "1.2"], ["--http2", "--tls-max", "1.2"] })
        {
            var curl = new Curl(Up, protocol);
            (int status, JsonElement token) = await curl.RequestTokenAsync(endpoint, curl.Client);
            status.ShouldBe(200, string.Join(' ', protocol));
            token.GetProperty("token_type").GetString().ShouldBe("Bearer");
            (await curl.CallAsync($"{Up.MtlsResource}/orders", token.GetProperty("access_token").GetString()!, curl.Client)).ShouldBe(200, string.Join(' ', protocol));
        }
    }

    // MTLS-24, MTLS-25
    [CurlFact]
    public async Task What_curl_got_is_worth_nothing_to_others()
    {
        var curl = new Curl(Up);
        (_, JsonElement answer) = await curl.RequestTokenAsync(await AliasAsync(), curl.Client);
        string token = answer.GetProperty("access_token").GetString()!, url = $"{Up.MtlsResource}/orders";

        (await curl.CallAsync(url, token)).ShouldBe(401);
        (await curl.CallAsync(url, token, curl.Neighbour)).ShouldBe(401);
        (await curl.CallAsync($"{Up.Resource}/orders", token)).ShouldBe(401);
        (await curl.CallAsync(url, token, curl.Client)).ShouldBe(200);
    }

    // MTLS-04, MTLS-06
    [CurlFact]
    public async Task Curl_gets_no_token_without_the_client_s_certificate()
    {
        var curl = new Curl(Up);
        foreach (string[] certificate in new[] { [], curl.Neighbour })
        {
            (int status, JsonElement answer) = await curl.RequestTokenAsync(await AliasAsync(), certificate);
            (status, answer.GetProperty("error").GetString()).ShouldBe((400, "invalid_client"));
        }
    }

    // MTLS-22, MTLS-35
    [Fact]
    public async Task The_command_line_gets_in_by_its_certificate()
    {
        (int code, string output, string error) = await ProcessRun.ToEndAsync("dotnet", [Up.Program, "call", "GET", "/orders", "--mtls", "--up", Up.JsonPath]);
        code.ShouldBe(0, error);
        JsonDocument.Parse(output).RootElement.GetProperty("orders").GetArrayLength().ShouldBeGreaterThan(0);
    }

    private async Task<string> AliasAsync()
    {
        using var http = new HttpClient();
        JsonElement metadata = JsonDocument.Parse(await http.GetStringAsync($"{Up.Issuer}/.well-known/oauth-authorization-server")).RootElement;
        return metadata.GetProperty("mtls_endpoint_aliases").GetProperty("token_endpoint").GetString()!;
    }
}
