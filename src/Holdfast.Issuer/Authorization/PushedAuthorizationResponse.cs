using System.Text.Json.Serialization;

namespace Holdfast.Issuer;

/// <summary>The answer to a pushed authorization request (RFC 9126 §2.2).</summary>
internal sealed record PushedAuthorizationResponse(
    [property: JsonPropertyName("request_uri")] string RequestUri,
    [property: JsonPropertyName("expires_in")] long ExpiresIn);
