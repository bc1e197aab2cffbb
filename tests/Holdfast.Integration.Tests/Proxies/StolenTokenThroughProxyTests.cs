namespace Holdfast.Integration.Tests;

/// <summary>
/// A thief who has a token and not what it is bound to is refused through every proxy, whatever he says of a certificate, and the operator is told.
/// </summary>
[Collection(ProxyTests.Name)]
public sealed class StolenTokenThroughProxyTests(ProxyGround ground)
{
    private static readonly ProxyTransport[] Transports = [ProxyTransport.Of("1.1", "1.2"), ProxyTransport.Default];

    private static IEnumerable<object[]> Thefts =>
    [
        ["no certificate", "x5t#S256", VerificationFailure.CertificateMissing],
        ["another certificate", "x5t#S256", VerificationFailure.CertificateMismatch],
        ["a self-signed certificate", "x5t#S256", VerificationFailure.CertificateMismatch],
        ["the proof, and no certificate", "both", VerificationFailure.CertificateMissing],
        ["the proof, and another certificate", "both", VerificationFailure.CertificateMismatch],
        ["the certificate, and no proof", "both", VerificationFailure.ProofMissing],
        ["the certificate, and the token as a bearer token", "both", VerificationFailure.BoundTokenAsBearer],
        ["a proof by another key", "jkt", VerificationFailure.KeyMismatch],
        ["a certificate, and the token as a bearer token", "jkt", VerificationFailure.BoundTokenAsBearer],
    ];

    // MTLS-24, MTLS-25, DPOP-RS-03, FWD-07
    [Theory, ThroughEachProxy(Cases = nameof(Thefts))]
    public async Task Refuses(string through, ProxyShape shape, string what, string binding, VerificationFailure failure)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var victim = new ProxyCaller(ground, binding);
        foreach (ProxyTransport transport in Transports)
        {
            string path = $"/orders/{ProxyRequest.NewSegment()}";
            ProxyRequest Steal() => Theft(what, victim, victim.Request(proxy, path), proxy) with { Transport = transport };

            ProxyAnswer answer = await victim.SendAsync(proxy, Steal);

            await answer.ShouldBeRefusedAsync(ground, proxy, shape, Steal().Segment, failure);
        }
    }

    // MTLS-44: possession alone is not enough. nginx and Apache refuse it by themselves; Caddy and HAProxy, told to take whichever certificate a
    // client has, hand it on, and the verifier says no.
    [Theory, ThroughEachProxy]
    public async Task Refuses_a_certificate_that_has_expired(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var late = new ProxyCaller(ground, "x5t#S256", ground.Certificates.Expired);
        ProxyRequest request = late.Request(proxy, $"/orders/{ProxyRequest.NewSegment()}") with { Transport = Transports[0] };

        switch (through)
        {
            case "nginx":
                ProxyAnswer bad = await ground.SendAsync(proxy, request);
                bad.Status.ShouldBe(400, bad.ToString());
                ground.Signals(shape).Failures(request.Segment).ShouldBeEmpty();
                break;
            case "apache":
                await Should.ThrowAsync<HttpRequestException>(() => ground.SendAsync(proxy, request));
                break;
            default:
                ProxyAnswer refused = await ground.SendAsync(proxy, request);
                await refused.ShouldBeRefusedAsync(ground, proxy, shape, request.Segment, VerificationFailure.CertificateExpired);
                break;
        }
    }

    // FWD-06, FWD-07, FWD-20, FWD-21, FWD-25
    [Theory, ThroughEachProxy]
    public async Task Refuses_the_right_certificate_in_a_forged_field_in_every_spelling(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var victim = new ProxyCaller(ground, "x5t#S256");
        int at = 0;
        foreach ((string, string)[] forged in ForgedCertificate.InEverySpelling(victim.Certificate, proxy.Proxy))
        {
            string path = $"/orders/{ProxyRequest.NewSegment()}";
            bool hasOwn = at % 2 == 0;
            ProxyRequest request = victim.Request(proxy, path) with
            {
                Certificate = hasOwn ? ground.Certificates.Mallory : null, Fields = forged, Transport = Transports[at / 2 % 2],
            };
            at++;

            ProxyAnswer answer = await ground.SendAsync(proxy, request);

            await answer.ShouldBeRefusedAsync(ground, proxy, shape, request.Segment, hasOwn ? VerificationFailure.CertificateMismatch : VerificationFailure.CertificateMissing);
        }
    }

    // FWD-21, RFC 9110 §7.6.1: what a client lists in Connection, some proxies take away, their own fields as well.
    [Theory, ThroughEachProxy]
    public async Task Refuses_a_thief_who_has_the_proxys_own_fields_taken_away(string through, ProxyShape shape)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var victim = new ProxyCaller(ground, "x5t#S256");
        const string Listed = "close, client-cert, x-ssl-client-cert, x-ssl-client-verify, x-ssl-client-used, holdfast-context, holdfast-proxy-secret, x-original-uri, x-forwarded-uri";
        foreach ((string Name, string Value)[] forged in ForgedCertificate.InEverySpelling(victim.Certificate, proxy.Proxy).Take(8))
        {
            ProxyRequest request = victim.Request(proxy, $"/orders/{ProxyRequest.NewSegment()}") with
            {
                Certificate = ground.Certificates.Mallory, Fields = [.. forged, ("Connection", Listed)], Transport = Transports[0],
            };

            ProxyAnswer answer = await ground.SendAsync(proxy, request);

            await answer.ShouldBeRefusedAsync(ground, proxy, shape, request.Segment,
                VerificationFailure.CertificateMismatch, VerificationFailure.CertificateMissing, VerificationFailure.CertificateHeaderUnreadable);
        }
    }

    private ProxyRequest Theft(string what, ProxyCaller victim, ProxyRequest honest, ProxyProcess proxy) => what switch
    {
        "no certificate" or "the proof, and no certificate" => honest with { Certificate = null },
        "another certificate" or "the proof, and another certificate" => honest with { Certificate = ground.Certificates.Mallory },
        "a self-signed certificate" => honest with { Certificate = ground.Certificates.SelfSigned },
        "the certificate, and no proof" => honest with { Proof = null },
        "the certificate, and the token as a bearer token" => honest with { Proof = null, Authorization = $"Bearer {victim.Token}" },
        "a certificate, and the token as a bearer token" => honest with { Proof = null, Authorization = $"Bearer {victim.Token}", Certificate = victim.Certificate },
        "a proof by another key" => honest with
        {
            Proof = new TestProof(TestKey.Es256(), "GET", $"https://localhost:{proxy.Port}{honest.Path}", DateTimeOffset.UtcNow, victim.Token, ground.Nonces.Of(proxy)).Sign(),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };
}
