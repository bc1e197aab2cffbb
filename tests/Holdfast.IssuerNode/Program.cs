using Holdfast.AspNetCore;
using Holdfast.Issuer;
using Holdfast.IssuerNode;
using Holdfast.Replay.PostgreSql;
using Holdfast.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// One node of an issuer, started by a test: its configuration is a file.
ParentWatch.Start();
NodeConfig config = NodeConfig.Read(args[0]);
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders().AddSimpleConsole(o => o.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls($"http://127.0.0.1:{config.Port}");
// Nodes, callers and the database share one machine here, so a backlog says nothing about any of them.
builder.Services.Configure<VerifierGateOptions>(gate => gate.MaxBacklogPerProcessor = null);
builder.Services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, HeaderSignIn>(HeaderSignIn.Name, null);
builder.Services.AddHoldfastIssuer(o =>
{
    (o.Issuer, o.DataDirectory, o.SingleInstance) = (config.Issuer, config.Directory, config.PostgreSql is null);
    o.Keys.KeyRingDirectory = config.KeyRing;
    o.Resources.Add(new() { Identifier = NodeClients.Resource, Scopes = [NodeClients.Scope] });
    o.Clients.Add(new() { ClientId = NodeClients.Machine, Jwks = config.MachineJwk, Resources = [NodeClients.Resource], Scopes = [NodeClients.Scope] });
    o.Clients.Add(new()
    {
        ClientId = NodeClients.App, AuthenticationMethod = "none", GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = [NodeClients.RedirectUri],
        RequiresConsent = false, Resources = [NodeClients.Resource], Scopes = [NodeClients.Scope],
    });
}).UseSignIn(HeaderSignIn.Name);
builder.Services.AddHoldfastStorage(o => (o.DataDirectory, o.PostgreSql, o.Deadline) = (config.Directory, config.PostgreSql, config.Deadline));
if (config.PostgreSql is { } database)
    builder.Services.AddPostgreSqlReplay(o => (o.ConnectionString, o.Deadline) = (database, config.Deadline));
WebApplication app = builder.Build();
app.MapHoldfastIssuer();
app.MapOperator();
await app.StartAsync();
Console.WriteLine("ready");
await app.WaitForShutdownAsync();
