using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>The code of <c>docs/adopt.md</c>, word for word, in the order in which an API's team uses it.</summary>
public partial class AdoptTests
{
    [GeneratedRegex("^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [Fact]
    public void Every_block_of_the_page_is_code_that_these_tests_run()
    {
        string page = RepositoryFiles.Read("docs/adopt.md"), here = Squeeze(RepositoryFiles.Read("tests/Holdfast.AspNetCore.JwtBearer.Tests/AdoptTests.cs"));
        string[] blocks = [.. Blocks().Matches(page).Select(block => Squeeze(block.Groups["code"].Value))];

        blocks.Length.ShouldBe(4);
        blocks.ShouldAllBe(block => here.Contains(block));
    }

    private static string Squeeze(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static void Observe(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication().AddJwtBearer(options =>
        {
            options.Authority = "https://login.example.com";
            options.Audience = "https://api.example.com";
        }).AddSenderConstraint(options => options.Observe());
    }

    private static void Exempt(SenderConstraintOptions options) =>
        options.Exemptions = [new("nightly export, ticket 4711", "export-job", new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero))];

    private static void Require(SenderConstraintOptions options)
    {
        options.Require();
    }

    private static void Strict(WebApplication app)
    {
        app.MapGet("/payments", () => "paid").RequireSenderConstraint();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_page_leads_from_observe_to_require(bool required)
    {
        var issuer = new TestIssuer("https://login.example.com");
        var clock = new ManualTimeProvider();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseTestServer();
        builder.Services.AddRouting().AddAuthorization().AddSingleton<TimeProvider>(clock);
        Observe(builder);
        if (required)
            builder.Services.Configure<SenderConstraintOptions>(JwtBearerDefaults.AuthenticationScheme, options => { Exempt(options); Require(options); });
        builder.Services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        {
            BearerApi.Configure(options, issuer, clock);
            options.BackchannelHttpHandler = issuer.Handler;
        });
        await using WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", () => "").RequireAuthorization();
        Strict(app);
        await app.StartAsync();
        using HttpClient http = app.GetTestClient();
        async Task<HttpStatusCode> CallAsync(string path, string client)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "https://api.example.com" + path);
            request.Headers.Authorization = new("Bearer", issuer.Token("https://api.example.com", clock.UtcNow, client: client));
            return (await http.SendAsync(request)).StatusCode;
        }

        (await CallAsync("/orders", "orders-client")).ShouldBe(required ? HttpStatusCode.Unauthorized : HttpStatusCode.OK);
        (await CallAsync("/payments", "orders-client")).ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync("/orders", "export-job")).ShouldBe(HttpStatusCode.OK);
    }

    // The page says so: what cannot be read is refused though it passed before.
    [Fact]
    public async Task A_token_of_more_than_16_KB_is_refused_while_observing()
    {
        await using BearerApi api = await BearerApi.StartAsync(BearerApiSetup.Observing);
        string Token(int groups) => api.Token(toKey: false, change: claims => claims["groups"] = new string('g', groups));

        (await api.SendAsync("/orders", $"Bearer {Token(11_000)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", $"Bearer {Token(13_000)}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        api.Recorded.Signals.Last().Failure.Failure.ShouldBe(VerificationFailure.TokenTooLarge);
    }
}
