using System.Security.Cryptography;

namespace Holdfast.Bench;

/// <summary>A client that asks for tokens by client credentials, <c>private_key_jwt</c> and DPoP, with everything signed beforehand.</summary>
internal sealed class TokenClient : IDisposable
{
    public const string ContentType = "application/x-www-form-urlencoded", Resource = "https://api.example.com/";

    private const int WarmKeys = 16;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa[] _proofKeys = NewKeys(WarmKeys);

    public TokenClient(string issuer)
    {
        Issuer = issuer;
        Keys = [.. _proofKeys.Select(ProofSigner.Create)];
        // "alg" says what the key is for; oidc-provider asks for it by that.
        Jwk = ProofSigner.Create(_key).PublicJwk.Insert(1, "\"kid\":\"bench\",\"alg\":\"ES256\",\"use\":\"sig\",");
    }

    public string Issuer { get; }
    public string TokenEndpoint => Issuer + "/token";
    public string Jwk { get; }

    /// <summary>The few proof keys that it uses again and again.</summary>
    public IReadOnlyList<IProofSigner> Keys { get; }

    /// <summary>As many keys, none of which was used before.</summary>
    public static ECDsa[] NewKeys(int count)
    {
        var keys = new ECDsa[count];
        Parallel.For(0, count, i => keys[i] = ECDsa.Create(ECCurve.NamedCurves.nistP256));
        return keys;
    }

    /// <summary>Requests, each with an assertion and a proof of its own, by these proof keys in turn.</summary>
    public (string Body, string Proof)[] Requests(int count, IReadOnlyList<IProofSigner> keys)
    {
        var requests = new (string Body, string Proof)[count];
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        // One signer holds one lock; as many as there are cores do not wait for each other.
        using var signers = new ThreadLocal<(ECDsa Key, IProofSigner Signer)>(CopyOfKey, trackAllValues: true);
        Parallel.For(0, count, i => requests[i] = (Body(signers.Value.Signer, now), Proof(keys[i % keys.Count], now)));
        foreach ((ECDsa key, _) in signers.Values)
            key.Dispose();
        return requests;
    }

    public void Dispose()
    {
        _key.Dispose();
        foreach (ECDsa key in _proofKeys)
            key.Dispose();
    }

    private (ECDsa, IProofSigner) CopyOfKey()
    {
        var copy = ECDsa.Create(_key.ExportParameters(true));
        return (copy, ProofSigner.Create(copy));
    }

    private string Body(IProofSigner signer, DateTimeOffset now)
    {
        string assertion = ClientAssertionWriter.WriteAsync(signer, new ClientAssertionClaims { ClientId = IssuerSetup.ClientId, Audience = Issuer, Iat = now, Kid = "bench" },
            CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return $"grant_type=client_credentials&scope={IssuerSetup.Scope}&resource={Uri.EscapeDataString(Resource)}"
            + $"&client_assertion_type={Uri.EscapeDataString(ClientAssertionWriter.AssertionType)}&client_assertion={assertion}";
    }

    private string Proof(IProofSigner key, DateTimeOffset now) =>
        DPoPProofWriter.WriteAsync(key, new DPoPProofClaims { Htm = "POST", Htu = TokenEndpoint, Iat = now }, CancellationToken.None).AsTask().GetAwaiter().GetResult();
}
