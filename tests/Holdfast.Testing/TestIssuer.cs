using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Testing;

/// <summary>
/// An issuer built on the base class library alone, which also signs what no issuer should. Give <see cref="Handler"/> to the client that
/// reads its documents.
/// </summary>
public sealed class TestIssuer
{
    private readonly List<TestKey> _published = [];
    private int _keySetRequests;

    public TestIssuer(string url = "https://issuer.example")
    {
        Url = url;
        Key = TestKey.Es256("k1");
        _published.Add(Key);
        Handler = new Documents(this);
    }

    public string Url { get; }

    /// <summary>The key that signs unless a test names another.</summary>
    public TestKey Key { get; set; }

    /// <summary>Serves the metadata and the key set.</summary>
    public HttpMessageHandler Handler { get; }

    /// <summary>True: connections are refused.</summary>
    public bool IsDown { get; set; }

    /// <summary>Where set, answers wait for it.</summary>
    public Task? Gate { get; set; }

    /// <summary>What the metadata says; the issuer's own URL by default.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>True: no RFC 8414 document, only OpenID discovery.</summary>
    public bool OnlyOpenIdDiscovery { get; set; }

    /// <summary>Where set, the key set is this text.</summary>
    public string? KeySetText { get; set; }

    /// <summary>How often the key set was asked for.</summary>
    public int KeySetRequests => Volatile.Read(ref _keySetRequests);

    public void Publish(params TestKey[] keys)
    {
        lock (_published)
        {
            _published.Clear();
            _published.AddRange(keys);
        }
    }

    /// <summary>The claims of a good token for <paramref name="audience"/>, for a test to change.</summary>
    public JsonObject Claims(string audience, DateTimeOffset now, string? jkt = null, string client = "orders-client")
    {
        var claims = new JsonObject
        {
            ["iss"] = Url,
            ["aud"] = audience,
            ["sub"] = client,
            ["client_id"] = client,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(8)),
            ["scope"] = "orders.read orders.write",
        };
        if (jkt is not null)
            claims["cnf"] = new JsonObject { ["jkt"] = jkt };
        return claims;
    }

    /// <summary>Signs any claims under any header.</summary>
    public string Sign(JsonObject claims, Action<JsonObject>? header = null, TestKey? key = null)
    {
        TestKey signer = key ?? Key;
        var head = new JsonObject { ["typ"] = "at+jwt", ["alg"] = signer.Alg };
        if (signer.Kid is not null)
            head["kid"] = signer.Kid;
        header?.Invoke(head);
        return signer.Sign(head.ToJsonString(), claims.ToJsonString());
    }

    /// <summary>A good token, bound where a thumbprint is given.</summary>
    public string Token(string audience, DateTimeOffset now, string? jkt = null, string client = "orders-client") =>
        Sign(Claims(audience, now, jkt, client));

    private sealed class Documents(TestIssuer issuer) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string path = request.RequestUri!.AbsolutePath;
            if (path == "/jwks")
                Interlocked.Increment(ref issuer._keySetRequests);
            if (issuer.Gate is { } gate)
                await gate.WaitAsync(cancellationToken);
            if (issuer.IsDown)
                throw new HttpRequestException("Connection refused");
            if (path == "/jwks")
                return Json(issuer.KeySetText ?? issuer.KeySet());
            bool known = path.StartsWith("/.well-known/openid-configuration", StringComparison.Ordinal)
                || (!issuer.OnlyOpenIdDiscovery && path.StartsWith("/.well-known/oauth-authorization-server", StringComparison.Ordinal));
            return known
                ? Json(new JsonObject { ["issuer"] = issuer.ClaimedIssuer ?? issuer.Url, ["jwks_uri"] = issuer.Url + "/jwks" }.ToJsonString())
                : new HttpResponseMessage(HttpStatusCode.NotFound);
        }

        private static HttpResponseMessage Json(string text) =>
            new(HttpStatusCode.OK) { Content = new StringContent(text, Encoding.UTF8, "application/json") };
    }

    private string KeySet()
    {
        lock (_published)
            return new JsonObject { ["keys"] = new JsonArray([.. _published.Select(key => key.PublicJwk())]) }.ToJsonString();
    }
}
