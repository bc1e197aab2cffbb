using System.Net;
using Holdfast.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Issuer.Tests;

/// <summary>An issuer with too much to do says so before it reads a request.</summary>
public class OverloadTests
{
    private readonly VerifierGate _gate = new(Options.Create(new VerifierGateOptions { MaxConcurrentVerifications = 1 }), new Holdfast.Testing.ManualTimeProvider());

    [Fact]
    public async Task Answers_503_while_full_and_consumes_nothing()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(services: services => services.AddSingleton(_gate));
        (string proof, string assertion) = (issuer.Proof(), issuer.Assertion());
        (await _gate.EnterAsync(VerifierRole.AuthorizationServer, "another")).ShouldBeNull();

        issuer.ShouldRefuse(await issuer.AskAsync(proof, issuer.Form(assertion)), VerificationFailure.VerifierOverloaded, "temporarily_unavailable", HttpStatusCode.ServiceUnavailable);

        _gate.Exit();
        (await issuer.AskAsync(proof, issuer.Form(assertion))).ShouldBeToken();
    }

    [Fact]
    public async Task Every_kind_of_answer_leaves_the_gate()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(services: services => services.AddSingleton(_gate));

        (await issuer.AskAsync()).ShouldBeToken();
        (await issuer.AskAsync(form: issuer.Form("garbage"))).Error.ShouldBe("invalid_client");
        (await issuer.AskAsync(proof: "garbage")).Error.ShouldBe("invalid_dpop_proof");
        (await issuer.SendAsync(new StringContent("{}"))).Error.ShouldBe("invalid_request");

        (await issuer.AskAsync()).ShouldBeToken();
    }
}
