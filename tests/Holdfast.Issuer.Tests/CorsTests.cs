using System.Net;

namespace Holdfast.Issuer.Tests;

public class CorsTests
{
    // DPOP-AS-30
    [Fact]
    public async Task Lets_browsers_send_DPoP()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, "/token");
        request.Headers.Add("Origin", "https://app.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "dpop");
        using HttpResponseMessage response = await issuer.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        response.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(", ").ShouldContain("DPoP");
        response.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe(["POST"]);
        response.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    // DPOP-AS-30: also on refusals, where browsers need the nonce most.
    [Fact]
    public async Task Lets_browsers_read_the_nonce_and_the_challenge()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.NonceMode = NonceMode.Always);
        TokenAnswer answer = await issuer.SendAsync(new FormUrlEncodedContent(issuer.Form()), change: request => request.Headers.Add("Origin", "https://app.example"));
        answer.Error.ShouldBe("use_dpop_nonce");
        answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        answer.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(", ").ShouldBe(["DPoP-Nonce", "WWW-Authenticate"]);
    }
}
