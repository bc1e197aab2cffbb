using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Core.Tests.Proof;

public class ClientAssertionWriterTests
{
    private static readonly ClientAssertionClaims Claims = new()
    {
        ClientId = "orders-client",
        Audience = "https://issuer.example",
        Iat = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
    };

    [Fact]
    public async Task Says_who_asks_whom_and_until_when()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        string[] parts = (await ClientAssertionWriter.WriteAsync(signer, Claims with { Jti = "one" }, default)).Split('.');

        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).ShouldBe($$"""{"typ":"JWT","alg":"ES256","kid":"{{signer.Thumbprint}}"}""");
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).ShouldBe(
            """{"iss":"orders-client","sub":"orders-client","aud":"https://issuer.example","iat":1800000000,"exp":1800000060,"jti":"one"}""");
        key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256).ShouldBeTrue();
    }

    [Fact]
    public async Task Draws_a_new_identifier_each_time()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < 50; i++)
        {
            string payload = (await ClientAssertionWriter.WriteAsync(signer, Claims, default)).Split('.')[1];
            seen.Add(JsonDocument.Parse(Base64Url.DecodeFromChars(payload)).RootElement.GetProperty("jti").GetString()!).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Refuses_claims_that_say_nothing()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        IProofSigner signer = ProofSigner.Create(key);
        foreach (ClientAssertionClaims claims in new[] { Claims with { ClientId = "" }, Claims with { Audience = "" }, Claims with { Lifetime = TimeSpan.Zero } })
            await Should.ThrowAsync<ArgumentException>(async () => await ClientAssertionWriter.WriteAsync(signer, claims, default));
    }
}
