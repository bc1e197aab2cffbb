using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Holdfast.Issuer.Tests;

public class TokenRequestTests
{
    private static StringContent Body(string text, string type = "application/x-www-form-urlencoded")
    {
        var content = new StringContent(text, Encoding.UTF8);
        content.Headers.ContentType = type.Length == 0 ? null : MediaTypeHeaderValue.Parse(type);
        return content;
    }

    private static async Task<string> GoodBody(IssuerHost issuer) => await new FormUrlEncodedContent(issuer.Form()).ReadAsStringAsync();

    public static TheoryData<string> MalformedBodies => [.. new[]
    {
        "",
        "&&&",
        "client_id=a",
        "grant_type=",
        "grant_type=client_credentials&grant_type=client_credentials",
        "grant_type=client_credentials&foo=1&foo=2",
        "grant_type=client_credentials&scope=a&scope=",
        "grant_type=client_credentials&scope=%",
        "grant_type=client_credentials&scope=%4",
        "grant_type=client_credentials&scope=%zz",
        "grant_type=client_credentials&scope=%ff",
        "grant_type=client_credentials&scope=%c0%af",
        "grant_type=client_credentials&scope=%ed%a0%80",
        "grant_type=client_credentials&scope=%00",
        "grant_type=client_credentials&scope=a%0d%0aX-Injected:1",
        "grant_type=client_credentials&=value",
        "grant_type=client_credentials&scope=" + new string('a', 8193),
        "grant_type=client_credentials&client_id=" + new string('a', 2049),
        "grant_type=client_credentials&" + new string('a', 2049) + "=1",
        "grant_type=client_credentials&" + string.Join('&', Enumerable.Range(0, 64).Select(i => $"p{i}=1")),
        """{"grant_type":"client_credentials"}""",
    }];

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task Refuses_a_malformed_form(string body)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.SendAsync(Body(body)), VerificationFailure.TokenRequestMalformed, "invalid_request");
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("Application/X-WWW-Form-Urlencoded")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-8")]
    [InlineData("application/x-www-form-urlencoded;charset=\"UTF-8\"")]
    public async Task Reads_a_form(string type)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        (await issuer.SendAsync(Body(await GoodBody(issuer), type))).ShouldBeToken();
    }

    [Theory]
    [InlineData("")]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded-x")]
    public async Task Refuses_another_media_type(string type)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.SendAsync(Body(await GoodBody(issuer), type)), VerificationFailure.TokenRequestMalformed, "invalid_request",
            HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Refuses_an_encoded_body()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        StringContent body = Body(await GoodBody(issuer));
        body.Headers.ContentEncoding.Add("gzip");
        issuer.ShouldRefuse(await issuer.SendAsync(body), VerificationFailure.TokenRequestMalformed, "invalid_request", HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task Refuses_another_method(string method)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        TokenAnswer answer = await issuer.SendAsync(Body(await GoodBody(issuer)), method: new HttpMethod(method));
        issuer.ShouldRefuse(answer, VerificationFailure.TokenRequestMalformed, "invalid_request", HttpStatusCode.MethodNotAllowed);
    }

    // RFC 6749 §2.3.1: nothing in the URL.
    [Theory]
    [InlineData("?client_secret=x")]
    [InlineData("?resource=https://orders.example")]
    [InlineData("?a")]
    public async Task Refuses_a_query(string query)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.SendAsync(Body(await GoodBody(issuer)), path: "/token" + query), VerificationFailure.TokenRequestMalformed, "invalid_request");
    }

    [Theory]
    [InlineData(65536, true)]
    [InlineData(65537, false)]
    public async Task Bounds_the_body(int length, bool accepted)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        var body = new StringBuilder(await GoodBody(issuer));
        // Parameters that nobody knows are ignored (RFC 6749 §3.2), up to the bound.
        for (int i = 0; i < 40 && length - body.Length > 40; i++)
            body.Append($"&pad{i}=").Append('a', Math.Min(2000, length - body.Length));
        body.Append('&', Math.Max(0, length - body.Length));
        body.Length.ShouldBe(length);
        TokenAnswer answer = await issuer.SendAsync(Body(body.ToString()));
        if (accepted)
            answer.ShouldBeToken();
        else
            issuer.ShouldRefuse(answer, VerificationFailure.TokenRequestMalformed, "invalid_request", HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Bounds_a_body_that_does_not_tell_its_length()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        var endless = new StreamContent(new MemoryStream(new byte[1 << 20]));
        endless.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        TokenAnswer answer = await issuer.SendAsync(endless, change: request => request.Headers.TransferEncodingChunked = true);
        issuer.ShouldRefuse(answer, VerificationFailure.TokenRequestMalformed, "invalid_request", HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("Client_credentials")]
    public async Task Refuses_a_grant_type_that_it_does_not_offer(string grantType)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(null, ("grant_type", grantType))), VerificationFailure.GrantTypeUnsupported, "unsupported_grant_type");
    }

    [Fact]
    public async Task Never_logs_what_could_be_used()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string proof = issuer.Proof(change: (_, payload) => payload["htm"] = "GET");
        string assertion = issuer.Assertion();
        await issuer.AskAsync(proof, issuer.Form(assertion));
        await issuer.AskAsync(form: issuer.Form(assertion + "A", ("scope", "nothing")));
        issuer.Log.Failures.Count.ShouldBe(2);
        issuer.Log.Lines.ShouldAllBe(line => !line.Contains(proof.Substring(0, 60)) && !line.Contains(assertion.Substring(0, 60))
            && !line.Contains(CallerKey.Payload(proof).GetProperty("jti").GetString()!) && !line.Contains(CallerKey.Payload(assertion).GetProperty("jti").GetString()!));
    }
}
