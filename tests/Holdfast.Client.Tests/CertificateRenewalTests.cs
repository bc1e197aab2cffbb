using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Client.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Client.Tests;

public class CertificateRenewalTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // MTLS-22, MTLS-40
    [Fact]
    public async Task Has_a_connection_and_a_token_of_its_own_for_the_renewed_certificate()
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client();
        string first = world.Certificate.Thumbprint;
        await client.GetAsync("/orders");
        await client.GetAsync("/orders");
        string second = world.Certificate.Renew();
        await client.GetAsync("/orders");
        await client.GetAsync("/orders");

        world.Api.Requests.Select(seen => (seen.Authorization, seen.Certificate)).ShouldBe(
            [("Bearer opaque~1", first), ("Bearer opaque~1", first), ("Bearer opaque~2", second), ("Bearer opaque~2", second)]);
        world.Issuer.Requests.Select(seen => seen.Certificate).ShouldBe([first, second]);
        // Nothing was in use there, so it is closed at once.
        await world.Api.ClosedAsync(world.Api.Requests[0].Connection).WaitAsync(Patience);
        await world.Issuer.ClosedAsync(world.Issuer.Requests[0].Connection).WaitAsync(Patience);
    }

    // MTLS-22, MTLS-40: not one of thousands of requests carries a token beside a certificate that it was not issued to.
    [Theory]
    [InlineData("1.1", TokenBinding.Certificate)]
    [InlineData("2.0", TokenBinding.Certificate)]
    [InlineData("2.0", TokenBinding.Both)]
    public async Task Never_mixes_tokens_and_certificates_while_they_are_renewed_under_load(string version, TokenBinding binding)
    {
        const int callers = 16, requests = 160, renewEvery = 64;
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = binding == TokenBinding.Both ? "DPoP" : "Bearer";
        int mixed = 0;
        world.Api.Answer = async (seen, context) =>
        {
            if (world.Issuer.Bound[seen.Authorization!.Split(' ')[1]] is not { } bound || bound != seen.Certificate)
            {
                Interlocked.Increment(ref mixed);
                context.Response.StatusCode = 401;
                return;
            }
            await context.Response.WriteAsync("half ");
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync("whole");
        };
        HttpClient client = world.Client(o => (o.Binding, o.ProofKeyFile) = (binding, binding == TokenBinding.Both ? world.ProofKeyFile : null));
        int sent = 0;
        var bodies = new ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < requests; i++)
            {
                if (Interlocked.Increment(ref sent) % renewEvery == 0)
                    world.Certificate.Renew();
                using HttpResponseMessage response = await client.SendAsync(
                    new HttpRequestMessage(HttpMethod.Get, "/orders") { Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact },
                    HttpCompletionOption.ResponseHeadersRead);
                response.StatusCode.ShouldBe(HttpStatusCode.OK);
                bodies.Add(await response.Content.ReadAsStringAsync());
            }
        })));

        mixed.ShouldBe(0);
        bodies.Count.ShouldBe(callers * requests);
        bodies.ShouldAllBe(body => body == "half whole");
        world.Api.Requests.Count.ShouldBe(callers * requests);
        world.Api.Requests.Select(seen => seen.Certificate).Distinct().Count().ShouldBeGreaterThan(10);
        world.Issuer.Requests.ShouldAllBe(seen => seen.Certificate != null);
        // What has no more requests is closed, whoever came late.
        string last = world.Certificate.Renew();
        await client.GetAsync("/orders");
        await Task.WhenAll(world.Api.Requests.Where(seen => seen.Certificate != last).Select(seen => seen.Connection).Distinct().Select(world.Api.ClosedAsync))
            .WaitAsync(Patience);
    }

    // MTLS-22: what is under way ends on the connection where it began.
    [Fact]
    public async Task Lets_requests_end_that_are_under_way()
    {
        await using World world = await World.WithCertificatesAsync();
        var arrived = new TaskCompletionSource();
        var gate = new TaskCompletionSource();
        world.Api.Answer = async (seen, context) =>
        {
            if (seen.PathAndQuery == "/slow")
            {
                arrived.SetResult();
                await gate.Task;
            }
            await context.Response.WriteAsync("ok");
        };
        HttpClient client = world.Client();
        Task<string> slow = client.GetStringAsync("/slow");
        await arrived.Task;
        world.Certificate.Renew();
        (await client.GetStringAsync("/orders")).ShouldBe("ok");
        slow.IsCompleted.ShouldBeFalse();
        gate.SetResult();
        (await slow).ShouldBe("ok");
        await world.Api.ClosedAsync(world.Api.Requests[0].Connection).WaitAsync(Patience);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Lets_an_answer_be_read_to_its_end(string version)
    {
        await using World world = await World.WithCertificatesAsync();
        var gate = new TaskCompletionSource();
        world.Api.Answer = async (seen, context) =>
        {
            await context.Response.WriteAsync("first ");
            await context.Response.Body.FlushAsync();
            if (seen.PathAndQuery == "/slow")
                await gate.Task;
            await context.Response.WriteAsync("last");
        };
        HttpClient client = world.Client();
        HttpResponseMessage slow = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Get, "/slow") { Version = new Version(version), VersionPolicy = HttpVersionPolicy.RequestVersionExact },
            HttpCompletionOption.ResponseHeadersRead);
        world.Certificate.Renew();
        await client.GetAsync("/orders");
        gate.SetResult();
        (await slow.Content.ReadAsStringAsync()).ShouldBe("first last");
        await world.Api.ClosedAsync(world.Api.Requests[0].Connection).WaitAsync(Patience);
    }

    // MTLS-22: the token was taken before the renewal and sent after it.
    [Fact]
    public async Task Sends_a_token_that_was_taken_before_the_renewal_with_the_certificate_from_before()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = "DPoP";
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signer = new SlowSigner(ProofSigner.Create(key));
        HttpClient client = world.Client(o => (o.Binding, o.ProofKey) = (TokenBinding.Both, signer));
        string first = world.Certificate.Thumbprint;
        await client.GetAsync("/orders");
        var gate = new TaskCompletionSource();
        signer.Gate = gate.Task;
        Task<HttpResponseMessage> late = client.GetAsync("/late");
        await signer.Waiting.Task;
        signer.Gate = Task.CompletedTask;
        string second = world.Certificate.Renew();
        await client.GetAsync("/orders");
        gate.SetResult();
        await late;
        await client.GetAsync("/orders");

        world.Api.Requests.Select(seen => (seen.PathAndQuery, seen.Authorization, seen.Certificate)).ShouldBe(
        [
            ("/orders", "DPoP opaque~1", first), ("/orders", "DPoP opaque~2", second), ("/late", "DPoP opaque~1", first), ("/orders", "DPoP opaque~2", second),
        ]);
        // The connection that was opened once more for it is closed again.
        await world.Api.ClosedAsync(world.Api.Requests[2].Connection).WaitAsync(Patience);
        world.Api.Requests[3].Connection.ShouldBe(world.Api.Requests[1].Connection);
    }

    // MTLS-40: a slow answer of the source must not bring the old certificate back.
    [Fact]
    public async Task Is_not_set_back_by_an_answer_that_comes_late()
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client();
        SslStreamCertificateContext before = ManualCertificateSource.Context(TestPki.Client());
        var answer = new TaskCompletionSource<SslStreamCertificateContext>();
        world.Certificate.Answer = _ => new(before);
        await client.GetAsync("/first");
        world.Certificate.Answer = _ => new(answer.Task);
        Task<HttpResponseMessage> late = client.GetAsync("/late");
        world.Certificate.Answer = null;
        string renewed = world.Certificate.Renew();
        await client.GetAsync("/second");
        answer.SetResult(before);
        await late;
        await client.GetAsync("/third");

        world.Api.Requests.Skip(1).ShouldAllBe(seen => seen.Certificate == renewed);
        world.Issuer.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Follows_a_source_that_goes_back_to_the_certificate_from_before()
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client();
        X509Certificate2 one = TestPki.Client(), two = TestPki.Client();
        foreach (X509Certificate2 certificate in new[] { one, two, one, one })
        {
            world.Certificate.Renew(certificate);
            (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        world.Api.Requests.Select(seen => seen.Certificate).ShouldBe([TestPki.Thumbprint(one), TestPki.Thumbprint(two), TestPki.Thumbprint(one), TestPki.Thumbprint(one)]);
        // The same certificate in another object is the same certificate.
        world.Api.Requests[3].Connection.ShouldBe(world.Api.Requests[2].Connection);
        world.Issuer.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Says_that_the_source_failed_and_asks_it_again()
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client();
        world.Certificate.Answer = _ => throw new InvalidOperationException("the agent is away");
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateUnavailable);
        thrown.InnerException.ShouldBeOfType<InvalidOperationException>();
        world.Certificate.Answer = _ => new((SslStreamCertificateContext)null!);
        thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateUnavailable);
        world.Certificate.Answer = null;
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Issuer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Lets_a_caller_cancel_who_waits_for_the_source()
    {
        await using World world = await World.WithCertificatesAsync();
        using var cancelling = new CancellationTokenSource();
        world.Certificate.Answer = async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null!;
        };
        Task<HttpResponseMessage> waiting = world.Client().GetAsync("/orders", cancelling.Token);
        await cancelling.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Presents_a_certificate_that_was_given_as_it_is()
    {
        await using World world = await World.WithCertificatesAsync();
        X509Certificate2 certificate = TestPki.Client();
        await world.Client(o => (o.ClientCertificateSource, o.ClientCertificate) = (null, certificate)).GetAsync("/orders");
        world.Api.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(TestPki.Thumbprint(certificate));
    }

    private sealed class SlowSigner(IProofSigner inner) : IProofSigner
    {
        public Task Gate { get; set; } = Task.CompletedTask;
        public TaskCompletionSource Waiting { get; } = new();
        public string Alg => inner.Alg;
        public string PublicJwk => inner.PublicJwk;
        public JwkThumbprint Thumbprint => inner.Thumbprint;

        public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            Task gate = Gate;
            if (!gate.IsCompleted)
                Waiting.TrySetResult();
            await gate;
            return await inner.SignAsync(data, cancellationToken);
        }
    }
}
