using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Bench;

/// <summary>
/// The same endpoint, protected by Holdfast (with a log or without, with records in memory or shared), or by plain JwtBearer with no proof check. The issuer's documents are served beside it.
/// </summary>
internal static class BenchServer
{
    public const string JwksFile = "HOLDFAST_BENCH_JWKS";

    /// <summary>The database of the kind <c>dpop-shared</c>.</summary>
    public const string Database = "HOLDFAST_BENCH_DATABASE";

    public static async Task<int> RunAsync(string kind, int port)
    {
        string origin = $"http://localhost:{port}";
        string jwks = await File.ReadAllTextAsync(Environment.GetEnvironmentVariable(JwksFile)!);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(origin);
        // The default level of an application: what is refused is logged.
        if (kind == "dpop-logged")
            builder.Logging.AddProvider(new FormattingLogger());
        // The other rows saturate it: that is what they measure, and what the gate would prevent.
        if (kind != "dpop-gated")
            builder.Services.Configure<VerifierGateOptions>(gate => gate.MaxBacklogPerProcessor = null);
        if (kind == "dpop-shared")
        {
            builder.Services.AddAuthentication().AddHoldfast(o => (o.Issuer, o.Audience) = (origin, origin))
                .UsePostgreSqlReplay(Environment.GetEnvironmentVariable(Database)!, o => (o.Capacity, o.QuotaPerKey) = (20_000_000, 20_000_000));
        }
        else if (kind is "dpop" or "dpop-logged" or "dpop-gated")
        {
            // One caller makes all the load, so his quota is the whole store.
            builder.Services.AddSingleton<IReplayStore>(services => new EmbeddedReplayStore(
                new() { Capacity = 20_000_000, QuotaPerKey = 20_000_000, SingleInstance = true, NoPredecessor = true },
                services.GetRequiredService<VerifierClock>()));
            builder.Services.AddAuthentication().AddHoldfast(o =>
            {
                o.Issuer = origin;
                o.Audience = origin;
                o.SingleInstance = true;
            });
        }
        else
        {
            builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(o =>
            {
                o.Authority = origin;
                o.Audience = origin;
                o.RequireHttpsMetadata = false;
                o.TokenValidationParameters.ValidTypes = ["at+jwt"];
            });
        }
        builder.Services.AddAuthorization();
        WebApplication app = builder.Build();
        string metadata = $$"""{"issuer":"{{origin}}","jwks_uri":"{{origin}}/jwks","token_endpoint":"{{origin}}/token","response_types_supported":[]}""";
        app.MapGet("/.well-known/oauth-authorization-server", () => Results.Text(metadata, "application/json"));
        app.MapGet("/.well-known/openid-configuration", () => Results.Text(metadata, "application/json"));
        app.MapGet("/jwks", () => Results.Text(jwks, "application/json"));
        app.MapGet("/open", () => "ok");
        app.MapGet("/orders", () => "ok").RequireAuthorization();
        await app.RunAsync();
        return 0;
    }
}
