using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>A client with a key, a certificate and a token that is bound to either or both. Its proofs are not made by the product.</summary>
internal sealed class ProxyCaller
{
    /// <summary>The bindings that a token may have.</summary>
    public static readonly string[] Bindings = ["jkt", "x5t#S256", "both"];

    private readonly ProxyGround _ground;
    private readonly string _binding;

    /// <summary>A new client; <paramref name="change"/> changes the claims of its token, <paramref name="type"/> its <c>typ</c>.</summary>
    public ProxyCaller(ProxyGround ground, string binding, X509Certificate2? certificate = null, Action<JsonObject>? change = null, string type = "at+jwt")
    {
        (_ground, _binding, Certificate) = (ground, binding, certificate ?? ground.Certificates.Alice);
        JsonObject claims = ground.Issuer.Claims(ProxyGround.Audience, DateTimeOffset.UtcNow);
        claims["cnf"] = new JsonObject();
        if (binding is "jkt" or "both")
            claims["cnf"]!["jkt"] = Key.Thumbprint;
        if (binding is "x5t#S256" or "both")
            claims["cnf"]!["x5t#S256"] = TestPki.Thumbprint(Certificate);
        change?.Invoke(claims);
        Token = ground.Issuer.Sign(claims, header => header["typ"] = type);
    }

    public TestKey Key { get; } = TestKey.Es256();

    /// <summary>The certificate that the token is bound to, where it is.</summary>
    public X509Certificate2 Certificate { get; }

    public string Token { get; }

    public bool NeedsProof => _binding != "x5t#S256";

    /// <summary>An honest request; <paramref name="signedPath"/> where the proof is to name another path.</summary>
    public ProxyRequest Request(ProxyProcess proxy, string path, string method = "GET", string? signedPath = null, string? nonce = null) => new()
    {
        Path = path,
        Method = method,
        Certificate = _binding == "jkt" ? null : Certificate,
        Authorization = $"{(NeedsProof ? "DPoP" : "Bearer")} {Token}",
        Proof = NeedsProof ? Proof(proxy, signedPath ?? path, method, nonce) : null,
    };

    public string Proof(ProxyProcess proxy, string path, string method = "GET", string? nonce = null) =>
        new TestProof(Key, method, $"https://localhost:{proxy.Port}{path.Split('?')[0]}", DateTimeOffset.UtcNow, Token, nonce ?? _ground.Nonces.Of(proxy)).Sign();

    /// <summary>Sends what <paramref name="make"/> makes, given this caller's honest request; once more where the answer asks for a nonce.</summary>
    public async Task<ProxyAnswer> SendAsync(ProxyProcess proxy, Func<ProxyRequest> make)
    {
        ProxyAnswer answer = await _ground.SendAsync(proxy, make());
        return answer.AsksForNonce ? await _ground.SendAsync(proxy, make()) : answer;
    }

    /// <summary>The same with lines of octets, over HTTP/1.1 and without a certificate.</summary>
    public async Task<ProxyAnswer> SendRawAsync(ProxyProcess proxy, Func<string?, string[]> make)
    {
        ProxyAnswer answer = await ProxyRaw.SendAsync(_ground, proxy, null, make(_ground.Nonces.Of(proxy)));
        return answer.AsksForNonce ? await ProxyRaw.SendAsync(_ground, proxy, null, make(answer.Nonce)) : answer;
    }
}

/// <summary>The last nonce that came by each proxy (RFC 9449 §8.2).</summary>
internal sealed class ProxyNonces
{
    private readonly ConcurrentDictionary<int, string> _last = new();

    public string? Of(ProxyProcess proxy) => _last.GetValueOrDefault(proxy.Port);

    public void Learn(ProxyProcess proxy, ProxyAnswer answer)
    {
        if (answer.Nonce is { } nonce)
            _last[proxy.Port] = nonce;
    }
}
