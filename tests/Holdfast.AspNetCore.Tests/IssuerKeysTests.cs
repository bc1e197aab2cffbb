using System.Net;
using Holdfast.Testing;

namespace Holdfast.AspNetCore.Tests;

public class IssuerKeysTests
{
    private static async Task<HttpStatusCode> CallAsync(TestApi api, string? token = null) => (await api.GetAsync("/orders", token)).StatusCode;

    private static string TokenBy(TestApi api, TestKey key) => api.Issuer.Sign(api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint), key: key);

    // AT-09
    [Fact]
    public async Task Reads_the_keys_once_for_many_requests()
    {
        await using TestApi api = await TestApi.StartAsync();

        for (int i = 0; i < 5; i++)
            (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);

        api.Issuer.KeySetRequests.ShouldBe(1);
    }

    // AT-09
    [Fact]
    public async Task Finds_a_key_that_was_published_after_the_keys_were_read()
    {
        await using TestApi api = await TestApi.StartAsync();
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        TestKey next = TestKey.Es256("k2");
        api.Issuer.Publish(api.Issuer.Key, next);

        (await CallAsync(api, TokenBy(api, next))).ShouldBe(HttpStatusCode.OK);

        api.Issuer.KeySetRequests.ShouldBe(2);
    }

    // AT-21
    [Fact]
    public async Task Unknown_key_identifiers_cost_the_issuer_one_request_an_interval()
    {
        await using TestApi api = await TestApi.StartAsync();
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);

        for (int i = 0; i < 20; i++)
            (await CallAsync(api, TokenBy(api, TestKey.Es256($"../../invented-{i}")))).ShouldBe(HttpStatusCode.Unauthorized);
        api.Issuer.KeySetRequests.ShouldBe(2);

        api.Clock.Advance(TimeSpan.FromSeconds(30));
        (await CallAsync(api, TokenBy(api, TestKey.Es256("invented")))).ShouldBe(HttpStatusCode.Unauthorized);
        api.Issuer.KeySetRequests.ShouldBe(3);
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.TokenKeyUnknown);
    }

    [Fact]
    public async Task Survives_an_outage_with_the_keys_it_has()
    {
        await using TestApi api = await TestApi.StartAsync();
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        api.Issuer.IsDown = true;

        api.Clock.Advance(TimeSpan.FromHours(2));

        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        (await CallAsync(api, TokenBy(api, TestKey.Es256("unknown")))).ShouldBe(HttpStatusCode.Unauthorized);
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_waits_for_a_slow_issuer_while_keys_are_known()
    {
        await using TestApi api = await TestApi.StartAsync();
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        var gate = new TaskCompletionSource();
        api.Issuer.Gate = gate.Task;
        api.Clock.Advance(TimeSpan.FromHours(2));

        Task<HttpStatusCode> unknown = CallAsync(api, TokenBy(api, TestKey.Es256("unknown")));
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);

        unknown.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await unknown).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Answers_503_until_keys_were_ever_read_and_tries_again_soon()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Issuer = new TestIssuer { IsDown = true } });

        HttpResponseMessage response = await api.GetAsync("/orders");
        await CallAsync(api);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.IssuerUnavailable);

        api.Issuer.IsDown = false;
        (await CallAsync(api)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        api.Clock.Advance(TimeSpan.FromSeconds(1));
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Many_first_requests_share_one_fetch()
    {
        await using TestApi api = await TestApi.StartAsync();
        var gate = new TaskCompletionSource();
        api.Issuer.Gate = gate.Task;

        Task<HttpStatusCode>[] calls = [.. Enumerable.Range(0, 20).Select(_ => CallAsync(api))];
        gate.SetResult();

        (await Task.WhenAll(calls)).ShouldAllBe(status => status == HttpStatusCode.OK);
        api.Issuer.KeySetRequests.ShouldBe(1);
    }

    // AT-09
    [Fact]
    public async Task Forgets_remembered_tokens_when_their_key_is_withdrawn()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.JwksRefreshInterval = TimeSpan.FromMinutes(1) });
        string token = api.BoundToken();
        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.OK);
        TestKey next = TestKey.Es256("k2");
        api.Issuer.Publish(next);

        (await CallAsync(api, TokenBy(api, next))).ShouldBe(HttpStatusCode.OK);

        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    // AT-09
    [Fact]
    public async Task Forgets_remembered_tokens_when_another_key_takes_over_the_name_of_theirs()
    {
        await using TestApi api = await TestApi.StartAsync();
        string token = api.BoundToken();
        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.OK);
        api.Issuer.Publish(TestKey.Es256(api.Issuer.Key.Kid));

        // The unknown name makes the keys be read again.
        (await CallAsync(api, TokenBy(api, TestKey.Es256("unknown")))).ShouldBe(HttpStatusCode.Unauthorized);

        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.Unauthorized);
    }

    // AT-09
    [Fact]
    public async Task Tokens_of_one_client_alone_do_not_keep_a_withdrawn_key_alive()
    {
        await using TestApi api = await TestApi.StartAsync(new() { Options = options => options.JwksRefreshInterval = TimeSpan.FromMinutes(1) });
        string token = api.BoundToken();
        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.OK);
        api.Issuer.Publish(TestKey.Es256("k2"));

        api.Clock.Advance(TimeSpan.FromMinutes(1));
        // Due now: one of these requests starts the fetch in the background, and a later one meets its outcome.
        HttpStatusCode status = HttpStatusCode.OK;
        for (int i = 0; i < 10_000 && status == HttpStatusCode.OK; i++)
            status = await CallAsync(api, token);

        status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    // AT-50
    [Theory]
    [InlineData("https://issuer.example/")]
    [InlineData("https://attacker.example")]
    public async Task Uses_no_document_of_another_issuer(string claimed)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Issuer = new TestIssuer { ClaimedIssuer = claimed } });

        (await CallAsync(api)).ShouldBe(HttpStatusCode.ServiceUnavailable);

        api.Issuer.KeySetRequests.ShouldBe(0);
    }

    // AT-15
    [Theory]
    [InlineData("https://issuer.example")]
    [InlineData("https://issuer.example/tenant")]
    public async Task Falls_back_to_OpenID_discovery(string url)
    {
        await using TestApi api = await TestApi.StartAsync(new() { Issuer = new TestIssuer(url) { OnlyOpenIdDiscovery = true } });

        // The key set is served at the root for every issuer of the test.
        (await CallAsync(api)).ShouldBe(url.EndsWith("tenant") ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"keys":7}""")]
    [InlineData("""{"keys":null}""")]
    public async Task A_document_that_is_no_key_set_is_an_outage(string text)
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Issuer.KeySetText = text;

        (await CallAsync(api)).ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Reads_no_more_than_a_bounded_document()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Issuer.KeySetText = new string(' ', 600 * 1024) + new System.Text.Json.Nodes.JsonObject
        {
            ["keys"] = new System.Text.Json.Nodes.JsonArray(api.Issuer.Key.PublicJwk()),
        }.ToJsonString();

        (await CallAsync(api)).ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    // AT-09
    [Fact]
    public async Task An_empty_key_set_withdraws_every_key()
    {
        await using TestApi api = await TestApi.StartAsync();
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        api.Issuer.Publish();

        (await CallAsync(api, TokenBy(api, TestKey.Es256("unknown")))).ShouldBe(HttpStatusCode.Unauthorized);

        (await CallAsync(api)).ShouldBe(HttpStatusCode.Unauthorized);
    }
}
