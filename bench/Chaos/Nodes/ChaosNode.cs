using Holdfast.AspNetCore;
using Holdfast.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.Chaos;

/// <summary>An API node: one protected endpoint, which writes down what it accepted, and its health.</summary>
internal static class ChaosNode
{
    public const string Ready = "ready";

    public static async Task<int> RunAsync(NodeConfig config)
    {
        ParentWatch.Start();
        using var accepted = new AcceptedLog(config.AcceptedFile, config.Name);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        NodeLogging.Configure(builder.Logging.ClearProviders());
        builder.WebHost.UseUrls($"http://127.0.0.1:{config.Port}");
        builder.Services.AddSingleton<TimeProvider>(new MovableTimeProvider(config.ClockFile));
        if (config.Kind == SceneKind.Nothing)
            builder.Services.AddSingleton<IReplayStore>(LonelyStore.Create);
        AuthenticationBuilder authentication = builder.Services.AddAuthentication().AddHoldfast(o =>
        {
            o.Issuer = config.Issuer;
            o.Audience = config.Origin;
            o.SingleInstance = config.Kind == SceneKind.Nothing;
            o.NonceMode = config.Kind switch { SceneKind.Nothing => NonceMode.Off, SceneKind.NodeBound => NonceMode.Always, SceneKind.Shared or SceneKind.SharedOrAlone => null };
        });
        if (config.Connection is { } connection)
            authentication.UsePostgreSqlReplay(connection, o => o.WhenUnavailable = config.WhenUnavailable);
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        app.MapGet("/orders", (HttpContext context) =>
        {
            accepted.Add(context.Features.Get<IHoldfastFeature>()!.Verdict.Proof!.JtiHash, context.Request.Headers[AcceptedLog.WhoField]);
            return config.Name;
        }).RequireAuthorization();
        app.MapGet(NodeHealth.Path, () => NodeHealth.Answer(app.Services));
        await app.StartAsync();
        Console.WriteLine(Ready);
        await app.WaitForShutdownAsync();
        return 0;
    }
}
