using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary>A client that keeps what it sent, so that it can be sent again. Its proofs are not made by the product.</summary>
public sealed class Caller : IDisposable
{
    private readonly Up _up;
    private readonly ECDsa _clientKey = ECDsa.Create();
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 });

    public Caller(Up up)
    {
        _up = up;
        _clientKey.ImportFromPem(File.ReadAllText(up.ClientKeyPem));
    }

    public TestKey Key { get; } = TestKey.Es256();

    public string? LastAssertion { get; private set; }

    public string ProofFor(string method, Uri url, string? token = null, string? nonce = null) =>
        new TestProof(Key, method, url.GetLeftPart(UriPartial.Path), DateTimeOffset.UtcNow, token, nonce).Sign();

    public async Task<string> AssertionAsync() => LastAssertion = await ClientAssertionWriter.WriteAsync(ProofSigner.Create(_clientKey),
        new ClientAssertionClaims { ClientId = _up.ClientId, Audience = _up.Issuer, Iat = DateTimeOffset.UtcNow }, default);

    /// <summary>A token; nonce challenges are answered.</summary>
    public async Task<string> TokenAsync()
    {
        string? nonce = null;
        for (int attempt = 0; attempt < 2; attempt++)
        {
            using HttpResponseMessage response = await RequestTokenAsync(await AssertionAsync(), nonce);
            if (response.IsSuccessStatusCode)
                return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("access_token").GetString()!;
            nonce = NonceOf(response).ShouldNotBeNull(await response.Content.ReadAsStringAsync());
        }
        throw new InvalidOperationException("The token endpoint keeps challenging.");
    }

    public Task<HttpResponseMessage> RequestTokenAsync(string assertion, string? nonce)
    {
        var endpoint = new Uri(_up.Issuer + "/token");
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials", ["scope"] = _up.Scope, ["resource"] = _up.Audience, ["client_id"] = _up.ClientId,
                ["client_assertion_type"] = ClientAssertionWriter.AssertionType, ["client_assertion"] = assertion,
            }),
        };
        request.Headers.Add("DPoP", ProofFor("POST", endpoint, nonce: nonce));
        return _http.SendAsync(request);
    }

    /// <summary>The protected call with exactly this proof.</summary>
    public Task<HttpResponseMessage> CallAsync(string token, string proof)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _up.Orders);
        request.Headers.Authorization = new AuthenticationHeaderValue("DPoP", token);
        request.Headers.Add("DPoP", proof);
        return _http.SendAsync(request);
    }

    /// <summary>The protected call as a well-behaved client makes it: one retry with the nonce it was given. Returns the proof that was accepted.</summary>
    public async Task<string> CallUntilAcceptedAsync(string token)
    {
        string proof = ProofFor("GET", _up.Orders, token);
        using HttpResponseMessage first = await CallAsync(token, proof);
        if (first.IsSuccessStatusCode)
            return proof;
        proof = ProofFor("GET", _up.Orders, token, NonceOf(first).ShouldNotBeNull());
        using HttpResponseMessage second = await CallAsync(token, proof);
        ((int)second.StatusCode).ShouldBe(200);
        return proof;
    }

    public static string? NonceOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.Single() : null;

    public void Dispose()
    {
        _http.Dispose();
        _clientKey.Dispose();
    }
}
