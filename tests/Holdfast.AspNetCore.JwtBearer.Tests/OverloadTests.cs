using System.Net;
using Holdfast.AspNetCore.Tests;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer.Tests;

/// <summary>A node with too much to do says so before the bearer handler validates anything.</summary>
public class OverloadTests
{
    private readonly VerifierGate _gate = new(Options.Create(new VerifierGateOptions { MaxConcurrentVerifications = 1 }), new ManualTimeProvider());
    private int _validated;

    private Task<BearerApi> StartAsync(bool keysFail = false) => BearerApi.StartAsync(new()
    {
        ServicesBefore = services => services.AddSingleton(_gate),
        Bearer = options =>
        {
            options.TokenValidationParameters.AudienceValidator = (_, _, _) =>
            {
                _validated++;
                return true;
            };
            if (keysFail)
                options.TokenValidationParameters.IssuerSigningKeyResolver = (_, _, _, _) => throw new InvalidOperationException("keys");
        },
    });

    [Theory]
    [InlineData("DPoP")]
    [InlineData("Bearer")]
    public async Task Answers_503_and_validates_no_token_while_full(string scheme)
    {
        await using BearerApi api = await StartAsync();
        (await _gate.EnterAsync(VerifierRole.ResourceServer, "another")).ShouldBeNull();
        string token = api.Token();
        string proof = api.Proof("GET", "/orders", token).Sign();

        HttpResponseMessage response = await api.SendAsync("/orders", $"{scheme} {token}", proof);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
        response.Headers.WwwAuthenticate.ShouldBeEmpty();
        api.Recorded.Failure.ShouldBe(VerificationFailure.VerifierOverloaded);
        _validated.ShouldBe(0);

        _gate.Exit();
        (await api.SendAsync("/orders", $"DPoP {token}", proof)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_kind_of_answer_leaves_the_gate()
    {
        await using BearerApi api = await StartAsync();
        string token = api.Token();

        (await api.GetAsync("/orders", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await api.SendAsync("/orders", "DPoP garbage")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.SendAsync("/orders", "Bearer ")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await api.SendAsync("/orders", "Basic dTpw")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.SendAsync("/orders", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await api.SendAsync("/open", $"Bearer {token}")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await api.GetAsync("/orders", token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Leaves_the_gate_where_the_bearer_handler_itself_fails()
    {
        await using BearerApi api = await StartAsync(keysFail: true);

        for (int i = 0; i < 2; i++)
            await api.GetAsync("/orders");

        api.Recorded.Signals.ShouldAllBe(signal => signal.Failure.Failure != VerificationFailure.VerifierOverloaded);
    }
}
