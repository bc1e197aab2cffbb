using Holdfast.AspNetCore;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

public class SignalTests
{
    private sealed class Observer : IVerificationObserver
    {
        public List<VerificationSignal> Signals { get; } = [];

        public void Observed(VerificationSignal signal) => Signals.Add(signal);
    }

    [Fact]
    public async Task Tells_observers_of_each_refusal_once()
    {
        var observer = new Observer();
        await using IssuerHost issuer = await IssuerHost.StartAsync(services: services => services.AddSingleton<IVerificationObserver>(observer));
        (await issuer.AskAsync()).ShouldBeToken();
        observer.Signals.ShouldBeEmpty();
        await issuer.AskAsync(issuer.Proof(change: (_, payload) => payload["htm"] = "GET"));
        VerificationSignal signal = observer.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.MethodMismatch);
        signal.Role.ShouldBe(VerifierRole.AuthorizationServer);
        signal.Resource.ShouldBe(IssuerHost.Issuer);
        signal.ClientId.ShouldBe(IssuerHost.ClientId);
        signal.ProofThumbprint.ShouldBe(issuer.Key.Thumbprint);
    }

    [Fact]
    public async Task Names_the_client_that_failed_to_authenticate()
    {
        var observer = new Observer();
        await using IssuerHost issuer = await IssuerHost.StartAsync(services: services => services.AddSingleton<IVerificationObserver>(observer));
        string assertion = new CallerKey().Assertion(IssuerHost.ClientId, IssuerHost.Issuer, issuer.Clock.UtcNow);
        await issuer.AskAsync(form: issuer.Form(assertion));
        VerificationSignal signal = observer.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.AssertionSignatureInvalid);
        signal.ClientId.ShouldBe(IssuerHost.ClientId);
    }

    // MTLS-04: with the thumbprint of what was presented.
    [Fact]
    public async Task Tells_which_certificate_was_refused()
    {
        var observer = new Observer();
        var root = TestAuthority.Root();
        await using IssuerHost issuer = await IssuerHost.StartAsync(o =>
        {
            o.MutualTls.TrustedCertificateAuthorities.Add(root.Pem);
            o.Clients.Add(new() { ClientId = "machine", AuthenticationMethod = "tls_client_auth", TlsClientAuthSubjectDn = "CN=orders", Scopes = ["orders.read"], Resources = [IssuerHost.Orders] });
        }, services: services => services.AddSingleton<IVerificationObserver>(observer));
        using var certificate = TestAuthority.SelfSigned("CN=attacker\r\nforged line");
        await issuer.AskWithAsync(certificate, "machine");
        VerificationSignal signal = observer.Signals.ShouldHaveSingleItem();
        signal.Failure.Failure.ShouldBe(VerificationFailure.ClientCertificateMismatch);
        signal.ClientId.ShouldBe("machine");
        signal.CertificateThumbprint.ShouldBe(IssuerHost.ThumbprintOf(certificate));
        signal.Expected.ShouldBe("tls_client_auth_subject_dn CN=orders");
        signal.Seen!.ShouldNotContain('\n');
    }
}
