using System.Net;
using System.Net.Sockets;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.AspNetCore.Tests.Load;

/// <summary>An issuer that takes connections and never answers holds up nobody who does not need it.</summary>
public class SlowIssuerTests
{
    private static async Task<HttpStatusCode> CallAsync(TestApi api, string? token = null) => (await api.GetAsync("/orders", token)).StatusCode;

    private static string TokenBy(TestApi api, string kid) => api.Issuer.Sign(api.Issuer.Claims(TestApi.Url, api.Clock.UtcNow, api.Key.Thumbprint), key: TestKey.Es256(kid));

    // AT-21
    [Fact]
    public async Task A_flood_of_unknown_keys_asks_once_holds_up_nobody_and_never_more_than_some_wait()
    {
        await using TestApi api = await TestApi.StartAsync();
        (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        var gate = new TaskCompletionSource();
        api.Issuer.Gate = gate.Task;

        Task<HttpStatusCode>[] flood = [.. Enumerable.Range(0, IssuerKeys.MaxWaiting + 50).Select(i => CallAsync(api, TokenBy(api, $"invented-{i}")))];
        // Those past the bound are answered while the issuer is still silent.
        HttpStatusCode[] refused = await Task.WhenAll(await FirstAsync(flood, 50));
        refused.ShouldAllBe(status => status == HttpStatusCode.ServiceUnavailable);
        for (int i = 0; i < 10; i++)
            (await CallAsync(api)).ShouldBe(HttpStatusCode.OK);
        flood.Count(call => !call.IsCompleted).ShouldBe(IssuerKeys.MaxWaiting);

        gate.SetResult();
        (await Task.WhenAll(flood)).Count(status => status == HttpStatusCode.Unauthorized).ShouldBe(IssuerKeys.MaxWaiting);
        api.Issuer.KeySetRequests.ShouldBe(2);
        // Whoever waited has left: there is room again.
        api.Clock.Advance(TimeSpan.FromMinutes(1));
        (await CallAsync(api, TokenBy(api, "another"))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task While_the_first_keys_do_not_come_no_more_than_some_wait_for_them()
    {
        await using TestApi api = await TestApi.StartAsync();
        var gate = new TaskCompletionSource();
        api.Issuer.Gate = gate.Task;

        Task<HttpStatusCode>[] calls = [.. Enumerable.Range(0, IssuerKeys.MaxWaiting + 20).Select(_ => CallAsync(api))];
        (await Task.WhenAll(await FirstAsync(calls, 20))).ShouldAllBe(status => status == HttpStatusCode.ServiceUnavailable);
        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure == VerificationFailure.IssuerUnavailable);

        gate.SetResult();
        (await Task.WhenAll(calls)).Count(status => status == HttpStatusCode.OK).ShouldBe(IssuerKeys.MaxWaiting);
    }

    // A real connection that is never answered, not a handler that pretends.
    [Fact]
    public async Task Keys_that_are_known_go_on_while_the_issuer_takes_connections_and_says_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        bool isSilent = false;
        var issuer = new TestIssuer();
        await using TestApi api = await TestApi.StartAsync(new()
        {
            Issuer = issuer,
            Services = services => services.AddHttpClient(HoldfastDefaults.IssuerHttpClient).ConfigurePrimaryHttpMessageHandler(
                () => new Diverted(issuer.Handler, () => isSilent ? (IPEndPoint)silent.LocalEndpoint : null)),
        });
        string token = api.BoundToken();
        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.OK);

        isSilent = true;
        api.Clock.Advance(TimeSpan.FromMinutes(4));
        Task<HttpStatusCode> stranger = CallAsync(api, TokenBy(api, "unknown"));
        using TcpClient taken = await silent.AcceptTcpClientAsync();

        (await CallAsync(api, token)).ShouldBe(HttpStatusCode.OK);
        (await CallAsync(api, api.BoundToken("another-client"))).ShouldBe(HttpStatusCode.OK);
        stranger.IsCompleted.ShouldBeFalse();
        // The end of the connection is the end of the wait; else the client's own limit is.
        taken.Close();
        (await stranger).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<IReadOnlyList<Task<HttpStatusCode>>> FirstAsync(IEnumerable<Task<HttpStatusCode>> calls, int count)
    {
        List<Task<HttpStatusCode>> done = [];
        await foreach (Task<HttpStatusCode> call in Task.WhenEach(calls))
        {
            done.Add(call);
            if (done.Count == count)
                break;
        }
        return done;
    }

    // Sends everything to one address, over http, once there is one.
    private sealed class Diverted(HttpMessageHandler usual, Func<IPEndPoint?> address) : DelegatingHandler(usual)
    {
        private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (address() is not { } elsewhere)
                return base.SendAsync(request, cancellationToken);
            request.RequestUri = new Uri($"http://{elsewhere}{request.RequestUri!.PathAndQuery}");
            return _http.SendAsync(request, cancellationToken);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _http.Dispose();
            base.Dispose(disposing);
        }
    }
}
