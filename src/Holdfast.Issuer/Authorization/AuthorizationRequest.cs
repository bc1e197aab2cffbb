using System.Text.Json.Serialization;

namespace Holdfast.Issuer;

/// <summary>The parameters of an authorization request that this issuer reads (RFC 6749 §4.1.1, RFC 7636, RFC 8707, RFC 9449 §10, OpenID Connect Core §3.1.2.1).</summary>
public sealed record AuthorizationRequest
{
    /// <summary><c>client_id</c>.</summary>
    [JsonPropertyName("client_id")]
    public required string ClientId { get; init; }

    /// <summary><c>redirect_uri</c>; null where it was left out.</summary>
    [JsonPropertyName("redirect_uri")]
    public string? RedirectUri { get; init; }

    /// <summary><c>response_type</c>.</summary>
    [JsonPropertyName("response_type")]
    public string? ResponseType { get; init; }

    /// <summary><c>response_mode</c>.</summary>
    [JsonPropertyName("response_mode")]
    public string? ResponseMode { get; init; }

    /// <summary><c>scope</c>.</summary>
    [JsonPropertyName("scope")]
    public string? Scope { get; init; }

    /// <summary><c>state</c>.</summary>
    [JsonPropertyName("state")]
    public string? State { get; init; }

    /// <summary><c>nonce</c> of OpenID Connect, which has nothing to do with those of DPoP.</summary>
    [JsonPropertyName("nonce")]
    public string? Nonce { get; init; }

    /// <summary><c>code_challenge</c>.</summary>
    [JsonPropertyName("code_challenge")]
    public string? CodeChallenge { get; init; }

    /// <summary><c>code_challenge_method</c>.</summary>
    [JsonPropertyName("code_challenge_method")]
    public string? CodeChallengeMethod { get; init; }

    /// <summary><c>dpop_jkt</c>, or the thumbprint of the proof that the request was pushed with.</summary>
    [JsonPropertyName("dpop_jkt")]
    public string? DPoPJkt { get; init; }

    /// <summary><c>prompt</c>.</summary>
    [JsonPropertyName("prompt")]
    public string? Prompt { get; init; }

    /// <summary><c>max_age</c>.</summary>
    [JsonPropertyName("max_age")]
    public string? MaxAge { get; init; }

    /// <summary>Each <c>resource</c>.</summary>
    [JsonPropertyName("resource")]
    public IReadOnlyList<string> Resources { get; init; } = [];

    /// <summary>True where the request came with a request object (RFC 9101), which this issuer does not read. Never stored.</summary>
    internal bool HasRequestObject { get; init; }

    /// <summary>As it was sent.</summary>
    internal static AuthorizationRequest From(string clientId, IssuerForm form) => new()
    {
        ClientId = clientId,
        RedirectUri = form["redirect_uri"],
        ResponseType = form["response_type"],
        ResponseMode = form["response_mode"],
        Scope = form.Scope,
        State = form["state"],
        Nonce = form["nonce"],
        CodeChallenge = form["code_challenge"],
        CodeChallengeMethod = form["code_challenge_method"],
        DPoPJkt = form["dpop_jkt"],
        Prompt = form["prompt"],
        MaxAge = form["max_age"],
        Resources = form.Resources,
        HasRequestObject = form["request"] is not null,
    };
}
