using System.Buffers.Text;
using System.Text.Json.Nodes;
using Holdfast.Testing;

namespace Holdfast.Issuer.Tests;

/// <summary>Clients with other keys than P-256.</summary>
public class KeyKindTests
{
    public static TheoryData<string> Algorithms => [.. DPoPAlgorithms.Default, "RS256"];

    private static TestKey KeyFor(string alg) => alg switch { "ES256" => TestKey.Es256(), "ES384" => TestKey.Es384(), _ => TestKey.Rsa(alg) };

    private static Task<IssuerHost> StartAsync(TestKey key, string alg) => IssuerHost.StartAsync(o =>
    {
        o.AssertionAlgorithms = o.Algorithms = [alg];
        o.Clients[0].Jwks = new JsonObject { ["keys"] = new JsonArray(key.PublicJwk()) }.ToJsonString();
    });

    private static string Assertion(IssuerHost issuer, TestKey key, string alg) => key.Sign($$"""{"alg":"{{alg}}"}""",
        $$"""{"iss":"{{IssuerHost.ClientId}}","sub":"{{IssuerHost.ClientId}}","aud":"{{IssuerHost.Issuer}}","jti":"1","iat":{{issuer.Clock.UtcNow.ToUnixTimeSeconds()}},"exp":{{issuer.Clock.UtcNow.ToUnixTimeSeconds() + 60}}}""");

    // AT-94, DPOP-AS-13
    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Takes_assertions_and_proofs_of_each_algorithm(string alg)
    {
        TestKey key = KeyFor(alg);
        await using IssuerHost issuer = await StartAsync(key, alg);
        var proof = new TestProof(key, "POST", IssuerHost.TokenEndpoint, issuer.Clock.UtcNow);
        TokenAnswer answer = await issuer.AskAsync(proof.Sign(), issuer.Form(Assertion(issuer, key, alg)));
        CallerKey.Payload(answer.ShouldBeToken()).GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(key.Thumbprint);
    }

    // AT-94
    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Refuses_a_signature_that_is_no_signature(string alg)
    {
        TestKey key = KeyFor(alg);
        await using IssuerHost issuer = await StartAsync(key, alg);
        string assertion = Assertion(issuer, key, alg);
        foreach (int length in new[] { 1, 64, 96, 255, 256, 257, 512 })
        {
            string altered = assertion[..(assertion.LastIndexOf('.') + 1)] + Base64Url.EncodeToString(Enumerable.Repeat((byte)0xFF, length).ToArray());
            issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(altered)), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
        }
    }

    // AT-94, RFC 8725 §3.1: an RSA key is used with the algorithm of the header only where that is on the list.
    [Fact]
    public async Task Refuses_an_algorithm_that_the_key_could_do_but_is_not_on_the_list()
    {
        TestKey key = TestKey.Rsa("RS256");
        await using IssuerHost issuer = await StartAsync(key, "PS256");
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(Assertion(issuer, key, "RS256"))), VerificationFailure.AssertionAlgorithmNotAllowed, "invalid_client");
        issuer.ShouldRefuse(await issuer.AskAsync(form: issuer.Form(Assertion(issuer, key, "PS256"))), VerificationFailure.AssertionSignatureInvalid, "invalid_client");
    }
}
