using System.Security.Cryptography.X509Certificates;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>An application on people's devices, a confidential one beside it, and grants that they were given.</summary>
public static class PublicApp
{
    public const string Id = "app";
    public const string Confidential = "backend";
    public const string Stock = "https://stock.example/v1";
    public const string Subject = "person-7";

    /// <summary>A host with both, whose resources are the usual two.</summary>
    public static Task<IssuerHost> StartAsync(Action<HoldfastIssuerOptions>? configure = null, Action<IssuerClientOptions>? app = null, CallerKey? backend = null) => IssuerHost.StartAsync(o =>
    {
        var options = new IssuerClientOptions
        {
            ClientId = Id, AuthenticationMethod = "none", GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = ["https://app.example/cb"],
            Scopes = ["openid", "orders.read", "orders.write", "stock.read"], Resources = [IssuerHost.Orders, Stock],
        };
        app?.Invoke(options);
        o.Clients.Add(options);
        o.Clients.Add(new()
        {
            ClientId = Confidential, Jwks = (backend ?? new CallerKey()).Jwks(), GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = ["https://backend.example/cb"],
            Scopes = ["openid", "orders.read", "orders.write", "stock.read"], Resources = [IssuerHost.Orders, Stock],
        });
        configure?.Invoke(o);
    });

    /// <summary>What goes with a write of the test's own.</summary>
    public static async Task<Spending> SpendingAsync(this IssuerHost issuer) =>
        new(null, (await issuer.Services.GetRequiredService<IRegistryStore>().ReadSinceAsync(RegistryPosition.Start, default)).Position);

    /// <summary>A refresh token of a new grant, as the redemption of a code leaves it.</summary>
    public static async Task<(string Token, string GrantId)> GrantAsync(this IssuerHost issuer, string clientId = Id, CallerKey? key = null, X509Certificate2? certificate = null,
        string scope = "orders.read orders.write", string[]? resources = null, TimeSpan? idle = null, TimeSpan? lifetime = null)
    {
        DateTimeOffset now = issuer.Clock.UtcNow;
        var store = issuer.Services.GetRequiredService<IIssuerStore>();
        string id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));
        var code = SecretHash.Of("code-" + id);
        (await store.AddCodeAsync(
            new()
            {
                Hash = code, GrantId = id, ClientId = clientId, RedirectUri = "https://app.example/cb", IsRedirectUriStated = true, CodeChallenge = "c", DPoPJkt = null, Nonce = "n",
                ExpiresAt = now.AddSeconds(60),
            },
            new()
            {
                GrantId = id, ClientId = clientId, Subject = Subject, Scope = scope, Resources = resources ?? [IssuerHost.Orders], AuthenticatedAt = now.AddMinutes(-3), CreatedAt = now,
                ExpiresAt = now + (lifetime ?? TimeSpan.FromDays(30)),
            },
            null, await issuer.SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        (await store.RedeemCodeAsync(code, new()
        {
            Hash = SecretHash.Of("refresh-" + id), GrantId = id, ClientId = clientId, DPoPJkt = key is null ? null : Jkt(key.Thumbprint),
            X5tS256 = certificate is null ? null : X5t(IssuerHost.ThumbprintOf(certificate)), IssuedAt = now, ExpiresAt = now + (idle ?? TimeSpan.FromDays(7)),
        }, await issuer.SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
        return ("refresh-" + id, id);
    }

    /// <summary>Refreshes as the public client; an empty proof sends none.</summary>
    public static Task<TokenAnswer> RefreshAsync(this IssuerHost issuer, string token, string? proof = null, params (string Name, string Value)[] more) =>
        issuer.SendAsync(Form([("grant_type", "refresh_token"), ("client_id", Id), ("refresh_token", token), .. more]), proof);

    /// <summary>Refreshes as the confidential client.</summary>
    public static Task<TokenAnswer> RefreshAsAsync(this IssuerHost issuer, CallerKey backend, string token, string proof, params (string Name, string Value)[] more) =>
        issuer.SendAsync(Form([("grant_type", "refresh_token"), .. issuer.Asserted(backend, Confidential), ("refresh_token", token), .. more]), proof);

    public static (string, string)[] Asserted(this IssuerHost issuer, CallerKey key, string clientId) =>
        [("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), ("client_assertion", key.Assertion(clientId, IssuerHost.Issuer, issuer.Clock.UtcNow))];

    public static FormUrlEncodedContent Form(params (string Name, string Value)[] members) => new(members.Select(member => KeyValuePair.Create(member.Name, member.Value)));

    /// <summary>Asks an endpoint that is not for tokens, without a proof.</summary>
    public static Task<TokenAnswer> PostAsync(this IssuerHost issuer, string path, params (string Name, string Value)[] members) => issuer.SendAsync(Form(members), proof: "", path: path);

    public static JwkThumbprint Jkt(string text) => JwkThumbprint.TryParse(text, out JwkThumbprint thumbprint) ? thumbprint : throw new ArgumentException(text);

    private static CertificateThumbprint X5t(string text) => CertificateThumbprint.TryParse(text, out CertificateThumbprint thumbprint) ? thumbprint : throw new ArgumentException(text);
}
