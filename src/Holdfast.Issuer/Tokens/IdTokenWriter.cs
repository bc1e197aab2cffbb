using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Holdfast.Issuer;

/// <summary>Writes ID tokens (OpenID Connect Core §2): who signed in, for the client alone.</summary>
internal sealed class IdTokenWriter(IssuerConfig config, TokenSigner signer, TimeProvider timeProvider)
{
    // AT-23, RFC 8725 §3.11: never at+jwt, so that no resource takes one for an access token; and its audience is a client.
    private const string Typ = "JWT";

    public ValueTask<string> WriteAsync(IdTokenContent content, string accessToken, IssuerSnapshot snapshot, CancellationToken cancellationToken)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
            WriteClaims(json, content, accessToken);
        return signer.SignAsync(Typ, payload.WrittenMemory, snapshot, cancellationToken);
    }

    private void WriteClaims(Utf8JsonWriter json, IdTokenContent content, string accessToken)
    {
        long now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        json.WriteStartObject();
        json.WriteString("iss", config.Issuer);
        json.WriteString("sub", content.Subject);
        json.WriteString("aud", content.ClientId);
        json.WriteNumber("iat", now);
        json.WriteNumber("exp", now + (long)config.AccessTokenLifetime.TotalSeconds);
        json.WriteNumber("auth_time", content.AuthenticatedAt.ToUnixTimeSeconds());
        if (content.Nonce is { } nonce)
            json.WriteString("nonce", nonce);
        // OpenID Connect Core §3.1.3.6: the left half of the hash, which is SHA-256 for every algorithm that tokens are signed with.
        json.WriteString("at_hash", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)));
        json.WriteEndObject();
    }
}
