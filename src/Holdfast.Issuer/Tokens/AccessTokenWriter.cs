using System.Buffers;
using System.Text.Json;

namespace Holdfast.Issuer;

/// <summary>
/// Writes access tokens as RFC 9068 JWTs. Written member by member: the claims are few and fixed, and a general token library costs
/// more than the signature.
/// </summary>
internal sealed class AccessTokenWriter(IssuerConfig config, TokenSigner signer, TimeProvider timeProvider)
{
    // AT-02, RFC 9068 §2.1: the typ is at+jwt.
    private const string Typ = "at+jwt";

    public ValueTask<string> WriteAsync(TokenContent content, IssuerSnapshot snapshot, CancellationToken cancellationToken)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload))
            WriteClaims(json, content);
        return signer.SignAsync(Typ, payload.WrittenMemory, snapshot, cancellationToken);
    }

    // AT-03, RFC 9068 §2.2: iss, exp, aud, sub, client_id, iat and jti in every token.
    private void WriteClaims(Utf8JsonWriter json, TokenContent content)
    {
        long now = timeProvider.GetUtcNow().ToUnixTimeSeconds();
        json.WriteStartObject();
        json.WriteString("iss", config.Issuer);
        json.WriteString("sub", content.Subject);
        json.WriteString("client_id", content.ClientId);
        // AT-05, RFC 9068 §3: aud is the resource asked for.
        json.WriteString("aud", content.Audience);
        json.WriteNumber("iat", now);
        json.WriteNumber("exp", now + (long)config.AccessTokenLifetime.TotalSeconds);
        json.WriteString("jti", RandomText.Identifier());
        // From the first day, so that a grant can be revoked without a list of its tokens.
        json.WriteString("grant_id", content.GrantId);
        // AT-04, RFC 9068 §2.2.3: the scope that was granted.
        if (content.Scope.Length > 0)
            json.WriteString("scope", content.Scope);
        if (content.Confirmation.IsBound)
            WriteConfirmation(json, content.Confirmation);
        json.WriteEndObject();
    }

    private static void WriteConfirmation(Utf8JsonWriter json, Confirmation confirmation)
    {
        json.WriteStartObject("cnf");
        // DPOP-AS-04, DPOP-AS-16, RFC 9449 §6.1: jkt is the SHA-256 thumbprint of the proof's key.
        if (confirmation.Jkt is { } jkt)
            json.WriteString("jkt", jkt.ToString());
        // MTLS-19, MTLS-20, RFC 8705 §3.1: x5t#S256 is the SHA-256 of the certificate's DER octets.
        if (confirmation.X5tS256 is { } certificate)
            json.WriteString("x5t#S256", certificate.ToString());
        json.WriteEndObject();
    }
}
