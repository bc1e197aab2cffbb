using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.IssuerNode;
using Microsoft.AspNetCore.WebUtilities;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>A caller of the nodes of one estate with a proof key of its own. Nothing that it sends is made by the product.</summary>
internal sealed class NodeCaller(Estate estate)
{
    private const int MaxChallenges = 2;

    // Killed nodes leave dead connections behind; each request finds that out by itself.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, MaxConnectionsPerServer = 256 }) { Timeout = TimeSpan.FromSeconds(30) };

    private string? _nonce;

    public TestKey Key { get; init; } = TestKey.Es256();

    /// <summary>A new assertion of the machine client.</summary>
    public string Assertion()
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = NodeClients.Machine, ["sub"] = NodeClients.Machine, ["aud"] = estate.Issuer, ["iat"] = now, ["exp"] = now + 240,
            ["jti"] = TestKey.Encode(RandomNumberGenerator.GetBytes(16)),
        };
        return estate.MachineKey.Sign(new JsonObject { ["alg"] = "ES256", ["kid"] = estate.MachineKey.Kid, ["typ"] = "JWT" }.ToJsonString(), claims.ToJsonString());
    }

    /// <summary>Client credentials with this assertion.</summary>
    public Task<NodeAnswer> TokenAsync(IssuerNodeProcess node, string assertion) => PostAsync(node, "/token", new()
    {
        ["grant_type"] = "client_credentials", ["scope"] = NodeClients.Scope, ["resource"] = NodeClients.Resource,
        ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", ["client_assertion"] = assertion,
    });

    /// <summary>A code for the public client, bound to this key; null where none was to be had.</summary>
    public async Task<AskedCode?> AuthorizeAsync(IssuerNodeProcess node, string clientId = NodeClients.App)
    {
        string verifier = TestKey.Encode(RandomNumberGenerator.GetBytes(32));
        string address = QueryHelpers.AddQueryString($"{node.Address}/authorize", new Dictionary<string, string?>
        {
            ["response_type"] = "code", ["client_id"] = clientId, ["redirect_uri"] = NodeClients.RedirectUri, ["scope"] = NodeClients.Scope, ["resource"] = NodeClients.Resource,
            ["state"] = "s", ["code_challenge"] = TestKey.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), ["code_challenge_method"] = "S256", ["dpop_jkt"] = Key.Thumbprint,
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add(HeaderSignIn.Field, "alice");
        try
        {
            using HttpResponseMessage response = await Http.SendAsync(request);
            string? code = response.Headers.Location is { } location && QueryHelpers.ParseQuery(location.Query).TryGetValue("code", out var value) ? value.ToString() : null;
            return code is null ? null : new(code, verifier, clientId);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<NodeAnswer> RedeemAsync(IssuerNodeProcess node, AskedCode code) => PostAsync(node, "/token", new()
    {
        ["grant_type"] = "authorization_code", ["client_id"] = code.ClientId, ["code"] = code.Code, ["redirect_uri"] = NodeClients.RedirectUri, ["code_verifier"] = code.Verifier,
    });

    public Task<NodeAnswer> RefreshAsync(IssuerNodeProcess node, string refreshToken, string clientId = NodeClients.App) =>
        PostAsync(node, "/token", new() { ["grant_type"] = "refresh_token", ["client_id"] = clientId, ["refresh_token"] = refreshToken });

    /// <summary>A document of this node.</summary>
    public static async Task<JsonElement> ReadAsync(IssuerNodeProcess node, string path) => JsonDocument.Parse(await Http.GetStringAsync(node.Address + path)).RootElement;

    /// <summary>What an operator tells this node.</summary>
    public static async Task OperateAsync(IssuerNodeProcess node, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, node.Address + path) { Content = new StringContent(body ?? "") };
        using HttpResponseMessage response = await Http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(204, await response.Content.ReadAsStringAsync());
    }

    private async Task<NodeAnswer> PostAsync(IssuerNodeProcess node, string path, Dictionary<string, string> form)
    {
        for (int challenges = 0; ; challenges++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, node.Address + path) { Content = new FormUrlEncodedContent(form) };
            request.Headers.Add("DPoP", new TestProof(Key, "POST", estate.Issuer + path, DateTimeOffset.UtcNow, nonce: _nonce).Sign());
            try
            {
                using HttpResponseMessage response = await Http.SendAsync(request);
                string text = await response.Content.ReadAsStringAsync();
                _nonce = response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.Single() : _nonce;
                var answer = new NodeAnswer((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement, response.Headers.RetryAfter is not null);
                if (answer.Error != "use_dpop_nonce" || challenges == MaxChallenges)
                    return answer;
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
            {
                return NodeAnswer.Lost;
            }
        }
    }
}

/// <summary>A code and what it is redeemed with.</summary>
internal sealed record AskedCode(string Code, string Verifier, string ClientId);
