using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.Issuer;
using Holdfast.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Bench;

/// <summary>The issuer with one client and one resource, as <see cref="IssuerProcess"/> describes them; spent assertions go to disk as they always do.</summary>
internal static class BenchIssuer
{
    public static async Task<int> RunAsync(string file)
    {
        IssuerSetup setup = JsonSerializer.Deserialize<IssuerSetup>(await File.ReadAllTextAsync(file), JsonSerializerOptions.Web)!;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(setup.Issuer);
        // Load that saturates it is what is measured, and what the gate would prevent.
        builder.Services.Configure<VerifierGateOptions>(gate => gate.MaxBacklogPerProcessor = null);
        builder.Services.AddHoldfastIssuer(o =>
        {
            (o.Issuer, o.DataDirectory, o.SingleInstance, o.NoPredecessor) = (setup.Issuer, setup.DataDirectory, true, true);
            o.Resources = [new IssuerResourceOptions { Identifier = setup.Resource, Scopes = [IssuerSetup.Scope] }];
            o.Clients = [new IssuerClientOptions { ClientId = IssuerSetup.ClientId, Jwks = setup.Jwk, Resources = [setup.Resource], Scopes = [IssuerSetup.Scope] }];
        });
        builder.Services.AddHoldfastStorage(o => o.DataDirectory = setup.DataDirectory);
        WebApplication app = builder.Build();
        app.MapHoldfastIssuer();
        await app.RunAsync();
        return 0;
    }
}
