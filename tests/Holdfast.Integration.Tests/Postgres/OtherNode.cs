using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Integration.Tests;

/// <summary>Another node of the API that <c>up</c> runs, behind the same public URL and on the same database: by the scheme of its own, or beside <c>AddJwtBearer</c>.</summary>
internal sealed class OtherNode : IAsyncDisposable, IVerificationObserver
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication? _app;

    /// <summary>What it refused.</summary>
    public ConcurrentQueue<VerificationFailure> Failures { get; } = [];

    public static async Task<OtherNode> StartAsync(Up up, string database, bool isBearer)
    {
        var node = new OtherNode();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting().AddAuthorization().AddSingleton<IVerificationObserver>(node);
        if (isBearer)
        {
            builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options => (options.Authority, options.Audience, options.RequireHttpsMetadata) = (up.Issuer, up.Audience, false))
                .AddSenderConstraint(options => (options.Replicas, options.PublicOrigins) = (3, [up.Resource])).UsePostgreSqlReplay(database);
        }
        else
        {
            builder.Services.AddAuthentication().AddHoldfast(options => (options.Issuer, options.Audience, options.Replicas, options.PublicOrigins) = (up.Issuer, up.Audience, 3, [up.Resource]))
                .UsePostgreSqlReplay(database);
        }
        builder.Services.AddHealthChecks().AddHoldfastReplay();
        WebApplication app = node._app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", () => "").RequireAuthorization();
        app.MapHealthChecks("/health");
        await app.StartAsync();
        return node;
    }

    /// <summary>The protected call with exactly this proof, as a balancer hands it on.</summary>
    public Task<HttpResponseMessage> CallAsync(string token, string proof)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{_app!.Urls.First()}/orders");
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", proof);
        return _http.SendAsync(request);
    }

    public async Task<int> HealthAsync()
    {
        using HttpResponseMessage response = await _http.GetAsync($"{_app!.Urls.First()}/health");
        return (int)response.StatusCode;
    }

    public void Observed(VerificationSignal signal) => Failures.Enqueue(signal.Failure.Failure);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }
}
