using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Integration.Tests;

/// <summary>In the guard's place: says whatever a test wants of it, by the request's <c>Authorization: Stub WORDS</c>, and keeps what it was asked.</summary>
internal sealed class StubGuard : IAsyncDisposable
{
    public const string Nonce = "a-nonce-from-the-stub";
    public const string Challenge = "DPoP error=\"invalid_token\", algs=\"ES256\"";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, IReadOnlyList<(string Name, string Value)>> _asked;

    private StubGuard(WebApplication app, ConcurrentDictionary<string, IReadOnlyList<(string, string)>> asked) => (_app, _asked) = (app, asked);

    public static async Task<StubGuard> StartAsync(IEnumerable<ProxyPlan> plans)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            foreach (ProxyPlan plan in plans)
            {
                if (plan.Proxy.UsesUnixSocket)
                    kestrel.ListenUnixSocket(plan.GuardSocket);
                else
                    kestrel.Listen(IPAddress.Loopback, plan.GuardPort);
            }
        });
        WebApplication app = builder.Build();
        var asked = new ConcurrentDictionary<string, IReadOnlyList<(string, string)>>();
        app.Run(context => AnswerAsync(context, asked));
        await app.StartAsync();
        foreach (ProxyPlan plan in plans.Where(plan => plan.Proxy.UsesUnixSocket))
            ProxyUser.MayConnect(plan.GuardSocket);
        return new(app, asked);
    }

    /// <summary>The fields of the question about a path, by the path's last segment.</summary>
    public IReadOnlyList<(string Name, string Value)> Asked(string segment) => _asked[segment];

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext context, ConcurrentDictionary<string, IReadOnlyList<(string, string)>> asked)
    {
        IHeaderDictionary sent = context.Request.Headers, answer = context.Response.Headers;
        string uri = sent["X-Original-URI"].Concat(sent["X-Forwarded-Uri"]).FirstOrDefault() ?? "";
        asked[uri.Split('?')[0].Split('/')[^1]] = [.. sent.SelectMany(field => field.Value.Select(line => (field.Key, line ?? "")))];
        string[] words = sent.Authorization.ToString().Split(' ');
        if (words.Contains("slow"))
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        if (words.Contains("abort"))
            context.Abort();
        if (words.Contains("nonce"))
            answer["DPoP-Nonce"] = Nonce;
        int status = int.Parse(words.FirstOrDefault(word => word.All(char.IsAsciiDigit) && word.Length == 3) ?? "200");
        // Some other server, that knows nothing of the contract.
        context.Response.StatusCode = status;
        if (words.Contains("foreign"))
            return;
        bool isNginx = context.Request.Path.StartsWithSegments("/authorize/nginx");
        context.Response.StatusCode = isNginx && status is not (200 or 401) ? 403 : status;
        (answer["Holdfast-Status"], answer["Holdfast-Context"], answer.CacheControl) = ($"{status}", status == 200 ? "a-context" : "", "no-store");
        if (status is 400 or 401 or 403)
            answer.WWWAuthenticate = Challenge;
        if (status == 503)
            answer.RetryAfter = "5";
    }
}
