using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>A good request; a case changes one thing about it.</summary>
internal sealed class Scene
{
    public const long Start = 1767225600;
    public const string Issuer = "https://issuer.example.com";
    public const string Audience = "https://api.example.com";

    private readonly string _id;

    public Scene(string id, bool tokenEndpoint)
    {
        (_id, TokenEndpoint) = (id, tokenEndpoint);
        Method = tokenEndpoint ? "POST" : "GET";
        Url = tokenEndpoint ? Issuer + "/token" : Audience + "/orders/7";
        Proof = new(Keys.Client);
        Token = new(Keys.Issuer);
    }

    public bool TokenEndpoint { get; }
    public long Now { get; set; } = Start;
    public string Method { get; set; }
    public string Url { get; set; }
    public Jws Proof { get; set; }
    public Jws Token { get; set; }

    /// <summary>The key that the token is bound to; that of the client unless a case says otherwise.</summary>
    public TestKey BoundTo { get; set; } = Keys.Client;

    public string Scheme { get; set; } = "DPoP";

    /// <summary>The client certificate of the connection.</summary>
    public TestCertificate? Certificate { get; set; }

    /// <summary>The whole Authorization value, from the token.</summary>
    public Func<string, string>? Credentials { get; set; }

    /// <summary>The last word on the header fields, from those that a good request has.</summary>
    public Func<List<string[]>, List<string[]>> Fields { get; set; } = fields => fields;

    /// <summary>A token that is no JWT, and what it was verified to be.</summary>
    public (string Text, JsonObject Meaning)? Opaque { get; set; }

    public JsonObject Policy { get; } = [];

    public List<(Scene Scene, string Expect)> Before { get; } = [];

    /// <summary>Expected of the very same request when it came first.</summary>
    public string? FirstTime { get; set; }

    /// <summary>When the very same request came first.</summary>
    public long? FirstTimeAt { get; set; }

    public void Precede(string expect, Action<Scene> change)
    {
        var scene = new Scene(_id, TokenEndpoint) { Now = Now, Method = Method, Url = Url };
        change(scene);
        Before.Add((scene, expect));
    }

    /// <summary>The nonce that the server would give out at this time.</summary>
    public void UseNonce(string mode, string? nonce)
    {
        Policy["nonceMode"] = mode;
        Policy["nonceKey"] = Nonces.KeyHex;
        if (nonce is not null)
            Proof.Claim("nonce", nonce);
    }

    /// <summary>The token is bound to this certificate and to nothing else, and comes as Bearer without a proof.</summary>
    public void BindTo(TestCertificate certificate) => BindTo(certificate.Thumbprint);

    /// <summary>As above, by whatever is written in its place.</summary>
    public void BindTo(JsonNode? thumbprint)
    {
        Token.Claim("cnf", new JsonObject { ["x5t#S256"] = thumbprint });
        Bearer();
    }

    /// <summary>The token is bound to the certificate and the client's key.</summary>
    public void BindToBoth(TestCertificate certificate) => Token.Claim("cnf", new JsonObject { ["jkt"] = Keys.Client.Thumbprint(), ["x5t#S256"] = certificate.Thumbprint });

    /// <summary>An unbound token as Bearer where that is tolerated.</summary>
    public void Unbound()
    {
        Token.NoClaim("cnf");
        Policy["mode"] = "observe";
        Bearer();
    }

    /// <summary>As Bearer, without a proof.</summary>
    public void Bearer() => (Scheme, Fields) = ("Bearer", f => [f[0]]);

    /// <summary>A proxy hands the client's certificate on in these lines, and is trusted.</summary>
    public void Forward(string format, params string[][] lines) => Forward(new JsonObject { ["format"] = format }, lines);

    /// <summary>As above, declared in whole.</summary>
    public void Forward(JsonObject declared, params string[][] lines)
    {
        Policy["forwardedCertificate"] = declared;
        Add(lines);
    }

    /// <summary>More field lines, behind all others.</summary>
    public void Add(params string[][] lines)
    {
        Func<List<string[]>, List<string[]>> before = Fields;
        Fields = fields => [.. before(fields), .. lines];
    }

    /// <summary>The token, made now and kept: for cases that show it in a second place.</summary>
    public string TokenTextOnce()
    {
        string text = TokenText();
        Token.Text = _ => text;
        return text;
    }

    private string TokenText() => Opaque?.Text ?? Token.Build(
        new JsonObject { ["alg"] = Token.Alg ?? Token.Key.Alg, ["typ"] = "at+jwt", ["kid"] = Token.Key.Name },
        new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "orders-client", ["client_id"] = "orders-client",
            ["iat"] = Start - 60, ["exp"] = Start + 240, ["jti"] = "at-" + _id, ["scope"] = "orders.read",
            ["cnf"] = new JsonObject { ["jkt"] = BoundTo.Thumbprint() },
        });

    public JsonObject Request()
    {
        string token = TokenEndpoint ? "" : TokenText();
        var claims = new JsonObject
        {
            ["jti"] = Jws.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(_id)).AsSpan(0, 12)),
            ["htm"] = Method,
            ["htu"] = Url.Split('?', '#')[0],
            ["iat"] = Now,
        };
        if (!TokenEndpoint)
            claims["ath"] = Jws.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        string proof = Proof.Build(
            new JsonObject { ["typ"] = "dpop+jwt", ["alg"] = Proof.Alg ?? Proof.Key.Alg, ["jwk"] = Proof.Key.PublicJwk() }, claims);
        List<string[]> fields = TokenEndpoint ? [["DPoP", proof]] : [["Authorization", Credentials?.Invoke(token) ?? $"{Scheme} {token}"], ["DPoP", proof]];
        var headers = new JsonArray();
        foreach (string[] field in Fields(fields))
            headers.Add(new JsonArray(field[0], field[1]));
        var request = new JsonObject { ["method"] = Method, ["url"] = Url, ["headers"] = headers };
        if (Certificate is not null)
            request["certificate"] = Certificate.Base64;
        return request;
    }

    public JsonObject PolicyJson()
    {
        var policy = new JsonObject { ["role"] = TokenEndpoint ? "authorization-server" : "resource-server" };
        if (!TokenEndpoint)
        {
            policy["issuer"] = Issuer;
            policy["audience"] = Audience;
            if (Opaque is { } opaque)
                policy["token"] = opaque.Meaning.DeepClone();
            else if (!Policy.ContainsKey("issuerKeys"))
                policy["issuerKeys"] = new JsonObject { ["keys"] = new JsonArray(PublishedKey(Keys.Issuer), PublishedKey(Keys.IssuerRsa)) };
        }
        policy["nonceMode"] = "off";
        foreach (var (name, value) in Policy)
            policy[name] = value?.DeepClone();
        return policy;
    }

    private static JsonObject PublishedKey(TestKey key)
    {
        JsonObject jwk = key.PublicJwk();
        jwk["kid"] = key.Name;
        jwk["use"] = "sig";
        jwk["alg"] = key.Alg;
        return jwk;
    }
}
