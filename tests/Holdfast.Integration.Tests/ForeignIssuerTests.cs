using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Holdfast.AspNetCore;
using Holdfast.AspNetCore.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Integration.Tests;

/// <summary>
/// An API that keeps its <c>AddJwtBearer</c> and its foreign issuer, over real TLS, with clients that this project did not write: nothing binds the token
/// of one, a key that of the second, a certificate that of the third.
/// </summary>
public sealed class ForeignIssuerTests(ForeignIssuer issuer) : IClassFixture<ForeignIssuer>
{
    private sealed class Signals : IVerificationObserver
    {
        public ConcurrentQueue<VerificationSignal> All { get; } = [];

        public void Observed(VerificationSignal signal) => All.Enqueue(signal);
    }

    private async Task<(JsonElement Seen, VerificationSignal[] Signals)> RunAsync(int port, Action<SenderConstraintOptions> constraint)
    {
        var signals = new Signals();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        // The platform's TLS wants a key that it has loaded itself.
        X509Certificate2 server = X509CertificateLoader.LoadPkcs12(issuer.Pki.Server.Export(X509ContentType.Pkcs12), null);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.ListenLocalhost(port, listen => listen.UseHttps(server, https => https.AcceptClientCertificates())));
        builder.Services.AddRouting().AddAuthorization();
        builder.Services.AddSingleton<IVerificationObserver>(signals);
        builder.Services.AddAuthentication().AddJwtBearer(options =>
        {
            options.Authority = issuer.Url;
            options.Audience = $"https://localhost:{port}";
            options.MapInboundClaims = false;
            options.BackchannelHttpHandler = issuer.Pki.Handler();
        }).AddSenderConstraint(constraint);
        await using WebApplication app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", (ClaimsPrincipal user) => user.FindFirst("client_id")!.Value).RequireAuthorization();
        await app.StartAsync();

        JsonElement seen = await NodeScript.RunAsync("foreign-issuer-clients", issuer.Setup, $"https://localhost:{port}");
        return (seen, [.. signals.All]);
    }

    // DPOP-RS-03, DPOP-RS-22, DPOP-V-27, MTLS-22, MTLS-24, MTLS-25
    [NodeFact]
    public async Task While_observing_bearer_callers_go_on_and_bound_ones_are_enforced()
    {
        (JsonElement seen, VerificationSignal[] signals) = await RunAsync(issuer.ApiPorts[0], options =>
        {
            options.Observe();
            options.UseClientCertificates = true;
        });

        seen.GetProperty("bearer").GetProperty("cnf").ValueKind.ShouldBe(JsonValueKind.Null);
        Status(seen, "bearer", "call").ShouldBe(200);
        BoundCallersAreEnforced(seen);
        signals.ShouldContain(signal => !signal.Refused && signal.Failure.Failure == VerificationFailure.UnboundToken && signal.ClientId == "bearer-client" && signal.Path == "/orders");
        signals.Where(signal => signal.Refused && signal.Failure.Severity > FailureSeverity.Expected).Select(signal => $"{signal.ClientId} {signal.Failure.Failure}").ShouldBe(
        [
            $"dpop-client {VerificationFailure.BoundTokenAsBearer}", $"dpop-client {VerificationFailure.ProofReplayed}", $"dpop-client {VerificationFailure.KeyMismatch}",
            $"mtls-client {VerificationFailure.CertificateMissing}", $"mtls-client {VerificationFailure.CertificateMismatch}",
        ], ignoreOrder: true);
    }

    // DPOP-RS-24
    [NodeFact]
    public async Task Require_refuses_the_bearer_caller_and_nobody_else()
    {
        (JsonElement seen, _) = await RunAsync(issuer.ApiPorts[1], options =>
        {
            options.Require();
            options.UseClientCertificates = true;
        });

        Status(seen, "bearer", "call").ShouldBe(401);
        BoundCallersAreEnforced(seen);
    }

    private static void BoundCallersAreEnforced(JsonElement seen)
    {
        JsonElement dpop = seen.GetProperty("dpop"), mtls = seen.GetProperty("mtls");
        Members(dpop).ShouldBe(["jkt"]);
        // Nothing was said of instances, so each proof carries a nonce; the foreign client answers the challenge by itself.
        dpop.GetProperty("challenged").GetBoolean().ShouldBeTrue();
        (Status(seen, "dpop", "call"), dpop.GetProperty("call").GetProperty("body").GetString()).ShouldBe((200, "dpop-client"));
        Challenge(dpop, "downgrade").ShouldStartWith("DPoP algs=");
        Challenge(dpop, "downgrade").ShouldContain("Bearer error=\"invalid_token\"");
        Challenge(dpop, "replay").ShouldStartWith("DPoP error=\"invalid_dpop_proof\"");
        (dpop.GetProperty("stolen").GetProperty("status").GetInt32(), dpop.GetProperty("stolen").GetProperty("error").GetString()).ShouldBe((401, "invalid_token"));

        Members(mtls).ShouldBe(["x5t#S256"]);
        (Status(seen, "mtls", "call"), mtls.GetProperty("call").GetProperty("body").GetString()).ShouldBe((200, "mtls-client"));
        foreach (string stolen in new[] { "without", "withAnother" })
        {
            Status(seen, "mtls", stolen).ShouldBe(401);
            Challenge(mtls, stolen).ShouldContain("Bearer error=\"invalid_token\"");
        }
    }

    private static string?[] Members(JsonElement client) => [.. client.GetProperty("cnf").EnumerateArray().Select(member => member.GetString())];

    private static int Status(JsonElement seen, string client, string request) => seen.GetProperty(client).GetProperty(request).GetProperty("status").GetInt32();

    private static string Challenge(JsonElement client, string request)
    {
        client.GetProperty(request).GetProperty("status").GetInt32().ShouldBe(401);
        return client.GetProperty(request).GetProperty("challenge").GetString()!;
    }
}
