using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>
/// Writes the context that an upstream gets: who the caller is, what its token was bound to, and which request was verified. After the Transaction
/// Tokens draft (draft-ietf-oauth-transaction-tokens §5) in <c>txn</c>, <c>sub</c> and <c>scope</c>; the type is our own, because the audience is one upstream and not a trust domain.
/// </summary>
internal sealed class ContextWriter(string name, ContextKeys keys, VerifierClock clock)
{
    /// <summary>How long a context is good: the way from guard to upstream.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private static readonly JsonWriterOptions Minimal = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // FWD-62: the upstream gets what the guard has signed, and not what a header says.
    public async ValueTask<string> WriteAsync(GuardRoute route, OriginalCall call, HttpTarget target, AccessToken token, CancellationToken cancellationToken)
    {
        ContextKey key = keys.Current;
        string header = $$"""{"typ":"{{ContextClaims.Type}}","alg":"{{ContextKey.Alg}}","kid":"{{key.Kid}}"}""";
        var payload = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(payload, Minimal))
            WriteClaims(json, route, call, target, token);
        string input = $"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.{Base64Url.EncodeToString(payload.WrittenSpan)}";
        byte[] signature = await key.Signer.SignAsync(Encoding.ASCII.GetBytes(input), cancellationToken);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }

    private void WriteClaims(Utf8JsonWriter json, GuardRoute route, OriginalCall call, HttpTarget target, AccessToken token)
    {
        long now = clock.Now.ToUnixTimeSeconds();
        string jti = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        int query = call.Uri.IndexOf('?', StringComparison.Ordinal);
        json.WriteStartObject();
        json.WriteString("iss", name);
        json.WriteString("aud", route.Upstream);
        json.WriteNumber("iat", now);
        json.WriteNumber("exp", now + (long)Life.TotalSeconds);
        json.WriteString("jti", jti);
        json.WriteString("txn", jti);
        json.WriteString("sub", token.Subject);
        json.WriteString("client_id", token.ClientId);
        json.WriteString(ContextClaims.TokenIssuer, token.Issuer);
        string scope = string.Join(' ', token.Claims.Where(claim => claim.Type == "scope").Select(claim => claim.Value));
        if (scope.Length > 0)
            json.WriteString("scope", scope);
        WriteConfirmation(json, token.Confirmation);
        json.WriteString(ContextClaims.Htm, call.Method);
        json.WriteString(ContextClaims.Htu, target.Canonical);
        json.WriteString(ContextClaims.Path, query < 0 ? call.Uri : call.Uri[..query]);
        json.WriteString(ContextClaims.QueryHash, ContextClaims.HashOf(query < 0 ? "" : call.Uri.AsSpan(query + 1)));
        json.WriteEndObject();
    }

    // RFC 7800 §3.1: the binding that was proven to the guard, so that an upstream can tell it from none.
    private static void WriteConfirmation(Utf8JsonWriter json, Confirmation confirmation)
    {
        if (!confirmation.IsBound)
            return;
        json.WriteStartObject("cnf");
        if (confirmation.Jkt is { } jkt)
            json.WriteString("jkt", jkt.ToString());
        if (confirmation.X5tS256 is { } x5t)
            json.WriteString("x5t#S256", x5t.ToString());
        json.WriteEndObject();
    }
}
