using System.Net;
using System.Text;
using Holdfast.Testing;

namespace Holdfast.AspNetCore.Tests;

public class HostileInputTests
{
    public static TheoryData<string, string[]> Requests => new()
    {
        { "GET /orders HTTP/1.1", ["Authorization: DPoP " + new string('a', 15_000), "DPoP: a.b.c"] },
        { "GET /orders HTTP/1.1", ["Authorization: DPoP a.b.c", "DPoP: " + new string('a', 12_000)] },
        { "GET /orders HTTP/1.1", ["Authorization: DPoP " + Deep(), "DPoP: a.b.c"] },
        { "GET /orders HTTP/1.1", ["Authorization: DPoP \u00ff\u00fe", "DPoP: a.b.c"] },
        { "GET /orders HTTP/1.1", ["Authorization: DPoP a.b.c", "DPoP: \u00ff\u00fe"] },
        { "GET /orders HTTP/1.1", ["Authorization: DPoP " + Text("\u00c3("), "DPoP: a.b.c"] },
        { "GET /orders HTTP/1.1", ["Authorization:", "DPoP:"] },
        { "GET /orders HTTP/1.1", ["Authorization: DPoP null.null.null", "DPoP: null.null.null"] },
        { "GET /orders?%zz&access%5ftoken&=&&& HTTP/1.1", ["DPoP: a.b.c"] },
        { "OPTIONS * HTTP/1.1", ["Authorization: DPoP a.b.c", "DPoP: a.b.c"] },
        { "POST /orders HTTP/1.1", ["Content-Type: application/x-www-form-urlencoded", "Content-Length: 0"] },
        { "M\u00d6VE /orders HTTP/1.1", [] },
    };

    private static string Deep() => Text("{\"a\":" + new string('[', 500) + new string(']', 500) + "}");

    private static string Text(string json) => $"{TestKey.Encode(Encoding.Latin1.GetBytes(json))}.e30.AAAA";

    // DPOP-RS-07
    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Answers_every_hostile_request_with_a_refusal_and_no_stack_trace(string requestLine, string[] headers)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Kestrel = true });

        string answer = await RawHttp.SendAsync(api.Port, requestLine, headers);

        RawHttp.Status(answer).ShouldBeOneOf(400, 401, 404, 405);
        answer.ShouldNotContain(" at Holdfast");
        answer.ShouldNotContain("Exception");
        api.Recorded.Lines.ShouldNotContain(line => line.Text.Contains("Exception"));
    }

    // DPOP-RS-07
    [Fact]
    public async Task A_form_that_lies_about_itself_is_no_server_error()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, 5000).Select(i => $"k{i}=v"))));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded");

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/orders", $"DPoP {token}", api.Proof("POST", "/orders", token).Sign(), content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_answer_repeats_nothing_of_the_request()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();

        HttpResponseMessage response = await api.GetAsync("/orders", token, api.Proof("GET", "/elsewhere-7281", token));

        (await response.Content.ReadAsStringAsync()).ShouldBeEmpty();
        response.Headers.ToString().ShouldNotContain("7281");
    }

    // DPOP-RS-07
    [Theory]
    [InlineData("application/x-www-form-urlencodedx")]
    [InlineData("application/x-www-form-urlencoded-2; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded, application/x-www-form-urlencoded")]
    public async Task A_body_whose_type_only_begins_like_a_form_is_no_server_error(string contentType)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        var content = new ByteArrayContent("access_token=x"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/orders", $"DPoP {token}", api.Proof("POST", "/orders", token).Sign(), content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // DPOP-RS-07
    [Theory]
    [InlineData("utf-7")]
    [InlineData("unicode-1-1-utf-7")]
    [InlineData("utf-16")]
    [InlineData("\"no such thing\"")]
    public async Task A_form_in_an_encoding_that_nobody_reads_is_no_server_error(string charset)
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        var content = new ByteArrayContent("item=rope"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", $"application/x-www-form-urlencoded; charset={charset}");

        HttpResponseMessage response = await api.SendAsync(HttpMethod.Post, "/orders", $"DPoP {token}", api.Proof("POST", "/orders", token).Sign(), content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
