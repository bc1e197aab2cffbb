using System.Net;
using System.Security.Cryptography;
using Holdfast.Registry;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Holdfast.Issuer.Tests.Keys;

/// <summary>Keys behind an OpenSSL provider: the built-in one with a key file stands for hardware here (<see cref="SoftHsmTests"/> has an engine).</summary>
public class ExternalKeyTests
{
    private static readonly TimeSpan Publication = TimeSpan.FromHours(1);

    // LIFE-14, LIFE-06, AT-17
    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    [InlineData("RS256")]
    public async Task Sign_and_are_used_in_their_order_each_once(string algorithm)
    {
        using var folder = new TemporaryFolder();
        string[] kids = [Write(folder, "1.pem", algorithm), Write(folder, "2.pem", algorithm)];
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.External = [Key(folder, "1.pem", algorithm), Key(folder, "2.pem", algorithm)]);
        string token = (await issuer.AskAsync()).ShouldBeToken();
        KeyHost.KidOf(token).ShouldBe(kids[0]);
        using (var jwks = System.Text.Json.JsonDocument.Parse(await issuer.Client.GetStringAsync("/jwks")))
            PublishedKey.Verifies(jwks.RootElement.GetProperty("keys")[0], token).ShouldBeTrue();
        (await issuer.RotateAsync()).Kid.ShouldBe(kids[1]);
        issuer.Clock.Advance(Publication);
        await issuer.KeysAsync();
        (await issuer.SignerAsync()).ShouldBe(kids[1]);
        IssuerKeyResult none = await issuer.Admin().RotateAsync(KeyHost.Operator, CancellationToken.None);
        none.Answer.ShouldBe(IssuerKeyAnswer.Refused);
        none.Problem!.ShouldContain("Keys:External");
        (await issuer.SignerAsync()).ShouldBe(kids[1]);
        (await issuer.EntriesAsync()).ShouldAllBe(entry => entry.Secret == null);
    }

    // LIFE-09: the end of a key waits for nothing, not even for a successor.
    [Fact]
    public async Task Sign_nothing_after_the_last_one_was_revoked()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "1.pem", "ES256");
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.External = [Key(folder, "1.pem", "ES256")]);
        string stolen = await issuer.SignerAsync();
        IssuerKeyResult result = await issuer.RetireAsync(stolen, immediately: true);
        result.Answer.ShouldBe(IssuerKeyAnswer.Done);
        result.Problem!.ShouldContain("Keys:External");
        (await issuer.PublishedAsync()).ShouldBeEmpty();
        TokenAnswer answer = await issuer.AskAsync();
        issuer.ShouldRefuse(answer, VerificationFailure.IssuerStateUnavailable, "temporarily_unavailable", HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await HealthAsync(issuer)).ShouldBe(HealthStatus.Unhealthy);
        // A request that could not be signed has used nothing up: the same assertion and proof are good for the key that comes.
        await issuer.StopAsync();
        string next = Write(folder, "2.pem", "ES256");
        await using IssuerHost mended = await IssuerHost.StartAsync(options => options.Keys.External = [Key(folder, "1.pem", "ES256"), Key(folder, "2.pem", "ES256")], successorOf: issuer);
        (await mended.SignerAsync()).ShouldBe(next);
    }

    [Fact]
    public async Task Consume_nothing_while_they_cannot_sign()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "1.pem", "ES256");
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.External = [Key(folder, "1.pem", "ES256")]);
        string assertion = issuer.Assertion(), proof = issuer.Proof(), kid = await issuer.SignerAsync();
        await issuer.RetireAsync(kid, immediately: true);
        (await issuer.AskAsync(proof, issuer.Form(assertion))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await issuer.AskAsync(proof, issuer.Form(assertion))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        issuer.Log.Failures.Distinct().ShouldBe([FailureCatalog.Get(VerificationFailure.IssuerStateUnavailable).Name]);
    }

    // The next key cannot be opened at this node: the old one goes on, and the node says that it is not well.
    [Fact]
    public async Task Go_on_with_the_old_one_where_the_next_cannot_be_opened()
    {
        using var folder = new TemporaryFolder();
        string first = Write(folder, "1.pem", "ES256");
        Write(folder, "2.pem", "ES256");
        void Configure(HoldfastIssuerOptions options) => options.Keys.External = [Key(folder, "1.pem", "ES256"), Key(folder, "2.pem", "ES256")];
        await using IssuerHost issuer = await IssuerHost.StartAsync(Configure);
        await issuer.RotateAsync();
        await issuer.StopAsync();
        File.Delete(folder.At("2.pem"));
        issuer.Clock.Advance(2 * Publication);
        await using IssuerHost next = await IssuerHost.StartAsync(Configure, successorOf: issuer);
        (await next.SignerAsync()).ShouldBe(first);
        (await HealthAsync(next)).ShouldBe(HealthStatus.Degraded);
    }

    [Theory]
    [InlineData("RSA")]
    [InlineData("P-384")]
    [InlineData("public")]
    [InlineData("missing")]
    public async Task Do_not_start_an_issuer_that_could_not_sign(string kind)
    {
        using var folder = new TemporaryFolder();
        switch (kind)
        {
            case "RSA": folder.Write("1.pem", RSA.Create(2048).ExportPkcs8PrivateKeyPem()); break;
            case "P-384": folder.Write("1.pem", ECDsa.Create(ECCurve.NamedCurves.nistP384).ExportPkcs8PrivateKeyPem()); break;
            case "public": folder.Write("1.pem", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem()); break;
        }
        (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(options => options.Keys.External = [Key(folder, "1.pem", "ES256")]))).Message.ShouldContain("1.pem");
    }

    // FAPI-27: 2048 bits or more.
    [Fact]
    public async Task Do_not_start_an_issuer_with_an_RSA_key_that_is_too_short()
    {
        using var folder = new TemporaryFolder();
        folder.Write("1.pem", RSA.Create(1024).ExportPkcs8PrivateKeyPem());
        await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(options => options.Keys.External = [Key(folder, "1.pem", "PS256")]));
    }

    private static async Task<HealthStatus> HealthAsync(IssuerHost issuer) =>
        (await issuer.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(check => check.Name == "holdfast_issuer_keys", CancellationToken.None)).Status;

    private static ExternalIssuerKeyOptions Key(TemporaryFolder folder, string name, string algorithm) => new() { Location = $"provider:default:file:{folder.At(name)}", Algorithm = algorithm };

    private static string Write(TemporaryFolder folder, string name, string algorithm)
    {
        if (algorithm == "ES256")
        {
            using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            folder.Write(name, ec.ExportPkcs8PrivateKeyPem());
            return ProofSigner.Create(ec).Thumbprint.ToString();
        }
        using RSA rsa = RSA.Create(2048);
        folder.Write(name, rsa.ExportPkcs8PrivateKeyPem());
        return ProofSigner.Create(rsa, algorithm).Thumbprint.ToString();
    }
}
