using System.Net;
using System.Security.Cryptography;
using Holdfast.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Client.Tests;

public class TokenRequestTests
{
    // DPOP-C-07
    [Fact]
    public async Task Asks_with_an_assertion_and_a_proof_without_a_token_hash()
    {
        await using World world = await World.CreateAsync();
        await world.Client(o => (o.Resource, o.Scope) = ("https://api.example.com/", "orders:read orders:write")).GetAsync("/orders");

        Seen seen = world.Issuer.Requests.ShouldHaveSingleItem();
        seen.Authorization.ShouldBeNull();
        seen.Form["grant_type"].ShouldBe("client_credentials");
        seen.Form["resource"].ShouldBe("https://api.example.com/");
        seen.Form["scope"].ShouldBe("orders:read orders:write");
        seen.Form["client_assertion_type"].ShouldBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        SeenJws assertion = seen.Assertion;
        world.ClientKey.VerifyData(assertion.Input, assertion.Signature, HashAlgorithmName.SHA256).ShouldBeTrue();
        assertion["iss"].ShouldBe("orders-client");
        assertion["sub"].ShouldBe("orders-client");
        assertion["aud"].ShouldBe(world.Issuer.Issuer);
        seen.Proof["htm"].ShouldBe("POST");
        seen.Proof["htu"].ShouldBe($"{world.Issuer.Origin}/token");
        seen.Proof["ath"].ShouldBeNull();
        seen.Proof.VerifiedThumbprint().Length.ShouldBe(43);
    }

    [Fact]
    public async Task Names_its_key_as_the_server_knows_it()
    {
        await using World world = await World.CreateAsync();
        await world.Client(o => o.ClientKeyId = "key-2026").GetAsync("/orders");
        world.Issuer.Requests.ShouldHaveSingleItem().Assertion.Header.GetProperty("kid").GetString().ShouldBe("key-2026");
    }

    [Fact]
    public async Task Authenticates_with_a_secret_where_that_is_all_there_is()
    {
        await using World world = await World.CreateAsync();
        await world.Client(o => (o.ClientKeyFile, o.ClientSecret, o.ClientId) = (null, "s:cr&t +", "orders:client")).GetAsync("/orders");
        Seen seen = world.Issuer.Requests.ShouldHaveSingleItem();
        string pair = System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(seen.Authorization!["Basic ".Length..]));
        pair.ShouldBe("orders%3Aclient:s%3Acr%26t+%2B");
        seen.Form.ShouldNotContainKey("client_assertion");
        seen.HasProof.ShouldBeTrue();
    }

    // DPOP-C-12, DPOP-C-06
    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    public async Task Asks_again_with_the_nonce_a_fresh_proof_and_a_fresh_assertion(int status)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.Before = (seen, context) => seen.Proof["nonce"] == "n-1"
            ? Task.FromResult(false)
            : FakeIssuer.Refuse(context, "use_dpop_nonce", "n-1", status);
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);

        IReadOnlyList<Seen> seen = world.Issuer.Requests;
        seen.Select(request => request.Proof["nonce"]).ShouldBe([null, "n-1"]);
        seen[0].Proof["jti"].ShouldNotBe(seen[1].Proof["jti"]);
        seen[0].Assertion["jti"].ShouldNotBe(seen[1].Assertion["jti"]);
    }

    // DPOP-C-13
    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task Ends_the_loop_of_an_issuer_that_always_asks_for_a_nonce(bool sends, int requests)
    {
        await using World world = await World.CreateAsync();
        int nonce = 0;
        world.Issuer.Before = (_, context) => FakeIssuer.Refuse(context, "use_dpop_nonce", sends ? $"n-{++nonce}" : null);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.NonceRefused);
        world.Issuer.Requests.Count.ShouldBe(requests);
        world.Api.Requests.ShouldBeEmpty();
    }

    // DPOP-C-14
    [Fact]
    public async Task Keeps_the_nonce_of_a_successful_answer()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ExpiresIn = "0";
        world.Issuer.Before = (seen, context) =>
        {
            context.Response.Headers["DPoP-Nonce"] = seen.Proof["nonce"] is null ? "n-1" : "n-2";
            return Task.FromResult(false);
        };
        HttpClient client = world.Client();
        for (int i = 0; i < 3; i++)
            await client.GetAsync("/orders");
        world.Issuer.Requests.Select(request => request.Proof["nonce"]).ShouldBe([null, "n-1", "n-2"]);
    }

    // DPOP-C-09, DPOP-C-10
    [Theory]
    [InlineData("Bearer")]
    [InlineData("")]
    [InlineData("DPoP ")]
    [InlineData("N_A")]
    public async Task Throws_a_token_away_that_is_not_bound(string type)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.TokenType = type;
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenNotBound);
        thrown.Message.ShouldNotContain("opaque~");
        world.Api.Requests.ShouldBeEmpty();
    }

    // DPOP-C-10
    [Theory]
    [InlineData("DPoP")]
    [InlineData("dpop")]
    [InlineData("DPOP")]
    public async Task Reads_the_token_type_in_any_casing(string type)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.TokenType = type;
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.ShouldHaveSingleItem().Authorization.ShouldBe("DPoP opaque~1");
    }

    // DPOP-C-11
    [Fact]
    public async Task Binds_every_token_to_the_same_key_across_restarts()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ExpiresIn = "0";
        for (int start = 0; start < 2; start++)
        {
            HttpClient client = world.Client();
            await client.GetAsync("/orders");
            await client.GetAsync("/orders");
        }
        world.Issuer.Requests.Count.ShouldBe(4);
        world.Issuer.Requests.Select(seen => seen.Proof.VerifiedThumbprint()).Distinct().ShouldHaveSingleItem();
    }

    // DPOP-C-21
    [Theory]
    [InlineData("\"ES256\",\"PS256\"", "ES256")]
    [InlineData("\"EdDSA\",\"ES384\"", "ES384")]
    [InlineData("\"ES512\"", "ES512")]
    [InlineData("\"RS256\",\"PS384\"", "PS384")]
    public async Task Makes_a_key_for_an_algorithm_that_the_issuer_publishes(string published, string alg)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ExtraMetadata = $",\"dpop_signing_alg_values_supported\":[{published}]";
        await world.Client().GetAsync("/orders");
        world.Issuer.Requests.ShouldHaveSingleItem().Proof.Header.GetProperty("alg").GetString().ShouldBe(alg);
        world.Api.Requests.ShouldHaveSingleItem().Proof.VerifiedThumbprint().ShouldBe(world.Issuer.Requests[0].Proof.VerifiedThumbprint());
    }

    // DPOP-C-21
    [Fact]
    public async Task Refuses_to_sign_with_an_algorithm_that_the_issuer_does_not_publish()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ExtraMetadata = ",\"dpop_signing_alg_values_supported\":[\"EdDSA\"]";
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.AlgorithmNotSupported);
        File.Exists(world.ProofKeyFile).ShouldBeFalse();
    }

    // DPOP-C-23: a key that never leaves its place signs through the same seam.
    [Fact]
    public async Task Signs_with_keys_that_the_caller_supplies()
    {
        await using World world = await World.CreateAsync();
        using RSA key = RSA.Create(2048);
        IProofSigner signer = ProofSigner.Create(key);
        await world.Client(o => (o.ProofKeyFile, o.ProofKey, o.ClientKeyFile, o.ClientKey) = (null, signer, null, signer)).GetAsync("/orders");
        world.Api.Requests.ShouldHaveSingleItem().Proof.VerifiedThumbprint().ShouldBe(signer.Thumbprint.ToString());
        world.Issuer.Requests.ShouldHaveSingleItem().Assertion.Header.GetProperty("kid").GetString().ShouldBe(signer.Thumbprint.ToString());
    }

    // DPOP-C-25
    [Theory]
    [InlineData("invalid_dpop_proof")]
    [InlineData("invalid_client")]
    public async Task Follows_the_issuers_clock_once_a_proof_or_assertion_failed(string error)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.ClockAhead = TimeSpan.FromMinutes(20);
        world.Issuer.Before = (seen, context) => Math.Abs(seen.Proof.Iat - world.Issuer.Now.ToUnixTimeSeconds()) > 10
            ? FakeIssuer.Refuse(context, error, status: 401)
            : Task.FromResult(false);
        (await world.Client().GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.Requests.Count.ShouldBe(2);
        world.Issuer.Requests[1].Assertion.Iat.ShouldBe(world.Issuer.Now.ToUnixTimeSeconds());
        // Another origin, another clock.
        world.Api.Requests.ShouldHaveSingleItem().Proof.Iat.ShouldBe(world.Time.GetUtcNow().ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Says_why_the_issuer_refused_and_asks_only_once()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.Before = (_, context) => FakeIssuer.Refuse(context, "invalid_client", status: 401);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenRefused);
        thrown.Error.ShouldBe("invalid_client");
        thrown.Message.ShouldContain("because");
        world.Issuer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Names_an_issuer_that_does_not_answer()
    {
        await using World world = await World.CreateAsync();
        await world.Issuer.DisposeAsync();
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.DiscoveryFailed);
    }

    public static TheoryData<string, HoldfastClientFailure> Garbage => new()
    {
        { "", HoldfastClientFailure.TokenResponseInvalid },
        { "not json", HoldfastClientFailure.TokenResponseInvalid },
        { "[]", HoldfastClientFailure.TokenResponseInvalid },
        { """{"access_token":"a","access_token":"b","token_type":"DPoP"}""", HoldfastClientFailure.TokenResponseInvalid },
        { """{"token_type":"DPoP"}""", HoldfastClientFailure.TokenResponseInvalid },
        { """{"access_token":"a\r\nX-Injected: 1","token_type":"DPoP"}""", HoldfastClientFailure.TokenResponseInvalid },
        { """{"access_token":"\ud800","token_type":"DPoP"}""", HoldfastClientFailure.TokenResponseInvalid },
        { """{"access_token":7,"token_type":"DPoP"}""", HoldfastClientFailure.TokenResponseInvalid },
        { """{"access_token":"a","token_type":"\ud800"}""", HoldfastClientFailure.TokenNotBound },
        { """{"access_token":"a"}""", HoldfastClientFailure.TokenNotBound },
        { "{\"access_token\":\"" + new string('a', 300_000) + "\",\"token_type\":\"DPoP\"}", HoldfastClientFailure.TokenResponseInvalid },
        { new string('[', 5000), HoldfastClientFailure.TokenResponseInvalid },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Refuses_answers_that_cannot_be_right(string body, HoldfastClientFailure failure)
    {
        await using World world = await World.CreateAsync();
        world.Issuer.Before = (_, context) => FakeIssuer.Json(context, body);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(failure);
        world.Api.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Does_not_follow_redirects_of_the_token_endpoint()
    {
        await using World world = await World.CreateAsync();
        world.Issuer.Before = (_, context) =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = $"{world.Api.Origin}/steal";
            return Task.FromResult(true);
        };
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.TokenRefused);
        world.Api.Requests.ShouldBeEmpty();
    }

    // A retry set for all clients of the host would send the same assertion and proof twice.
    [Fact]
    public async Task Keeps_handlers_of_the_host_away_from_token_requests()
    {
        await using World world = await World.CreateAsync();
        var seen = new List<string>();
        HttpClient client = world.Client(services: services =>
            services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Watching(seen))));
        await client.GetAsync("/orders");
        seen.ShouldBe([$"{world.Api.Origin}/orders"]);
    }

    [Fact]
    public async Task Can_be_switched_on_for_all_clients_of_a_host()
    {
        await using World world = await World.CreateAsync();
        ServiceProvider provider = world.Provider(services: services => services.ConfigureHttpClientDefaults(http => http.AddHoldfast("all", o =>
        {
            (o.Issuer, o.ClientId, o.ClientKeyFile) = (world.Issuer.Issuer, "all", world.ClientKeyFile);
            o.ProofKeyFile = Path.Combine(world.Folder, "all.pem");
        })));
        HttpClient client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("any other");
        (await client.GetAsync($"{world.Api.Origin}/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.ShouldHaveSingleItem().HasProof.ShouldBeTrue();
    }

    private sealed class Watching(List<string> seen) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (seen)
                seen.Add(request.RequestUri!.ToString());
            return base.SendAsync(request, cancellationToken);
        }
    }
}
