using System.Net;
using System.Security.Claims;
using Holdfast.AspNetCore;
using Holdfast.Registry;
using Holdfast.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer.Tests.Keys;

/// <summary>A real API over the keys that an issuer publishes.</summary>
public class KeysAtAnApiTests
{
    private static readonly TimeSpan Publication = TimeSpan.FromHours(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // LIFE-03, LIFE-04, LIFE-07: whoever has a token, by the old key or the new one, is served at the first try.
    [Fact]
    public async Task Refuses_nobody_over_a_rotation()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        await using Api api = await Api.StartAsync(issuer);
        string before = (await issuer.AskAsync()).ShouldBeToken();
        (await api.CallAsync(before)).ShouldBe(HttpStatusCode.OK);
        await issuer.RotateAsync();
        for (TimeSpan past = TimeSpan.Zero; past < 3 * Publication; past += Minute)
        {
            issuer.Clock.Advance(Minute);
            await issuer.KeysAsync();
            string token = (await issuer.AskAsync()).ShouldBeToken();
            (await api.CallAsync(token)).ShouldBe(HttpStatusCode.OK, $"{past} after the rotation");
            (await api.CallAsync(before)).ShouldBe(HttpStatusCode.OK, $"{past} after the rotation");
            before = token;
        }
        (await issuer.PublishedAsync()).Count.ShouldBe(1);
        // It never came upon a key that it had to ask for: it read them on its own schedule, once an hour.
        api.Fetches.ShouldBeInRange(3, 4);
    }

    // LIFE-09: with the first token by the new key, which it has to look up.
    [Fact]
    public async Task Refuses_what_a_revoked_key_signed_as_soon_as_it_reads_the_keys_again()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        await using Api api = await Api.StartAsync(issuer);
        string stolen = (await issuer.AskAsync()).ShouldBeToken();
        (await api.CallAsync(stolen)).ShouldBe(HttpStatusCode.OK);
        issuer.Clock.Advance(Minute);
        (await issuer.RetireAsync(KeyHost.KidOf(stolen), immediately: true)).Answer.ShouldBe(IssuerKeyAnswer.Done);
        string next = (await issuer.AskAsync()).ShouldBeToken();
        (await api.CallAsync(next)).ShouldBe(HttpStatusCode.OK);
        (await api.CallAsync(stolen)).ShouldBe(HttpStatusCode.Unauthorized);
        (await api.CallAsync(next)).ShouldBe(HttpStatusCode.OK);
    }

    private sealed class Api(WebApplication app, IssuerHost issuer, CountingHandler documents) : IAsyncDisposable
    {
        private readonly HttpClient _client = app.GetTestClient();

        /// <summary>How often the key set was read.</summary>
        public int Fetches => documents.Fetches;

        public static async Task<Api> StartAsync(IssuerHost issuer)
        {
            var documents = new CountingHandler(((TestServer)issuer.Services.GetRequiredService<IServer>()).CreateHandler());
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseTestServer();
            builder.Logging.ClearProviders();
            builder.Services.AddAuthorization();
            builder.Services.AddSingleton<TimeProvider>(issuer.Clock);
            builder.Services.AddSingleton<IReplayStore>(provider => new EmbeddedReplayStore(new EmbeddedReplayStoreOptions { NoPredecessor = true }, provider.GetRequiredService<VerifierClock>()));
            builder.Services.AddAuthentication().AddHoldfast(options => (options.Issuer, options.Audience, options.NonceMode) = (IssuerHost.Issuer, IssuerHost.Orders, NonceMode.OnDemand));
            builder.Services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(() => documents);
            WebApplication app = builder.Build();
            app.MapGet("/orders", (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
            await app.StartAsync();
            return new(app, issuer, documents);
        }

        public async Task<HttpStatusCode> CallAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, IssuerHost.Orders + "/orders");
            request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {token}");
            request.Headers.TryAddWithoutValidation("DPoP", issuer.Key.Proof("GET", IssuerHost.Orders + "/orders", issuer.Clock.UtcNow, token));
            using HttpResponseMessage response = await _client.SendAsync(request);
            return response.StatusCode;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await app.DisposeAsync();
        }
    }

    private sealed class CountingHandler(HttpMessageHandler issuer) : DelegatingHandler(issuer)
    {
        private int _fetches;

        public int Fetches => Volatile.Read(ref _fetches);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/jwks")
                Interlocked.Increment(ref _fetches);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
