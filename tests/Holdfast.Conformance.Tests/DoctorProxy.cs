using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Conformance.Tests;

/// <summary>What a proxy may do to a request on its way.</summary>
[Flags]
public enum ProxyFault
{
    None = 0,
    StripsPrefix = 1 << 0,
    DropsProof = 1 << 1,
    DoublesProof = 1 << 2,
    SaysNginx = 1 << 3,
    HidesChallenges = 1 << 4,
}

/// <summary>A small proxy before an API, with the faults asked for. It keeps the Host that the client sent.</summary>
internal sealed class DoctorProxy : IAsyncDisposable
{
    public const string Prefix = "/orders-service";

    private readonly ProxyFault _fault;
    private readonly string _upstream;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly WebApplication _app;

    private DoctorProxy(string upstream, ProxyFault fault)
    {
        (_upstream, _fault) = (upstream, fault);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ForwardAsync);
    }

    public string Origin => _app.Urls.First();

    public static async Task<DoctorProxy> StartAsync(string upstream, ProxyFault fault)
    {
        var proxy = new DoctorProxy(upstream, fault);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (_fault.HasFlag(ProxyFault.StripsPrefix) && target.StartsWith(Prefix, StringComparison.Ordinal))
            target = target[Prefix.Length..];
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), _upstream + target);
        foreach (var (name, values) in context.Request.Headers)
        {
            var isProof = name.Equals("DPoP", StringComparison.OrdinalIgnoreCase);
            if (isProof && _fault.HasFlag(ProxyFault.DropsProof))
                continue;
            foreach (var value in values)
                request.Headers.TryAddWithoutValidation(name, value);
            if (isProof && _fault.HasFlag(ProxyFault.DoublesProof))
                request.Headers.TryAddWithoutValidation(name, values[0]);
        }
        using var response = await _http.SendAsync(request);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers)
        {
            if (!name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !(_fault.HasFlag(ProxyFault.HidesChallenges) && name == "WWW-Authenticate"))
                context.Response.Headers[name] = values.ToArray();
        }
        if (_fault.HasFlag(ProxyFault.SaysNginx))
            context.Response.Headers.Server = "nginx/1.22.1";
        await context.Response.Body.WriteAsync(await response.Content.ReadAsByteArrayAsync());
    }
}
