using System.Buffers.Binary;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>A verified context, or why it is refused.</summary>
internal readonly record struct ContextResult(IReadOnlyList<Claim>? Claims, Refusal? Refusal);

/// <summary>
/// Verifies what a guard says of a request: form and type, the guard's signature, audience and time, that it is this request, and that it is used once; in
/// this order, so that nothing is remembered of what is not genuine.
/// </summary>
internal sealed class ContextVerifier(
    HoldfastContextOptions options, IReadOnlyDictionary<string, IssuerKeys> guards, ProxyTrust? peers, IReplayStore used, VerifierClock clock)
{
    private const int MaxLength = 16 * 1024;
    private const string AnyOrigin = "https://context";

    // Ten seconds by the guard; more would be somebody else's idea of a context.
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(30);

    private readonly PublicTargets? _targets = options.PublicOrigins.Count == 0 ? null : new PublicTargets(options.PublicOrigins);

    public async ValueTask<ContextResult> VerifyAsync(HttpContext request, FieldLines field, CancellationToken cancellationToken)
    {
        // FWD-62, FWD-20: from the proxy alone, where one is declared.
        if (peers?.Refuse(request) is { } untrusted)
            return new(null, untrusted);
        // FWD-62: one context; a second one is the client's.
        if (field.Single is not { Length: > 0 } token)
            return Refuse(VerificationFailure.ContextMissing, "one Holdfast-Context field", field.Count == 1 ? "an empty one" : $"{field.Count}");
        if (token.Length > MaxLength)
            return Refuse(VerificationFailure.ContextInvalid, $"at most {MaxLength} characters", $"{token.Length}");
        if (CompactJwt.TryParse(token, out string problem) is not { } jwt)
            return Refuse(VerificationFailure.ContextInvalid, problem);
        // FWD-62, RFC 8725 §3.11: a type of its own, so that no token of the same signer passes for a context.
        if (!string.Equals(jwt.Typ, ContextClaims.Type, StringComparison.OrdinalIgnoreCase) || !string.Equals(jwt.Alg, ContextClaims.Alg, StringComparison.Ordinal))
            return Refuse(VerificationFailure.ContextInvalid, $"{ContextClaims.Type} with {ContextClaims.Alg}", $"{jwt.Typ ?? "none"} with {jwt.Alg ?? "none"}");
        // FWD-62: before the keys are asked, so that strangers never make them be fetched. The rest is read once the signature holds.
        string? name = JwtClaims.ReadIssuer(jwt.Payload);
        if (name is null || !guards.TryGetValue(name, out IssuerKeys? keys))
            return Refuse(VerificationFailure.ContextInvalid, $"iss one of {string.Join(' ', guards.Keys)}", name ?? "none");
        if (await keys.GetAsync(cancellationToken) is not { } known)
            return Refuse(VerificationFailure.ContextKeysUnavailable, $"the keys of {name}", "none obtained yet");
        IssuerKey? key = known.Find(jwt.Kid, ContextClaims.Alg, out _);
        if (key is null)
        {
            if (await keys.GetNewerAsync(known, cancellationToken) is not { } newer)
                return Refuse(VerificationFailure.ContextKeysUnavailable, $"an answer of {name}", "too many requests wait for its keys");
            key = newer.Find(jwt.Kid, ContextClaims.Alg, out _);
        }
        if (key is null || !key.Signed(jwt))
            return Refuse(VerificationFailure.ContextInvalid, $"a signature by {name}", key is null ? $"kid {jwt.Kid ?? "none"}" : "another");
        var claims = JwtClaims.Read(jwt.Payload, "");
        return RefuseClaims(claims) ?? RefuseOtherRequest(request, claims) ?? await UseAsync(name, claims, cancellationToken);
    }

    private ContextResult? RefuseClaims(JwtClaims claims)
    {
        // FWD-62, RFC 8725 §3.9: meant for this service alone.
        if (claims.Audiences is not [var audience] || !string.Equals(audience, options.Audience, StringComparison.Ordinal))
            return Refuse(VerificationFailure.ContextInvalid, $"aud {options.Audience}", string.Join(' ', claims.Audiences));
        if (claims.Time("iat") is not { } issued || claims.Time("exp") is not { } end || end - issued > LongestLife || end <= issued
            || claims.String("jti") is not { Length: > 0 } || claims.String("sub") is not { Length: > 0 })
            return Refuse(VerificationFailure.ContextInvalid, "iat, exp a moment later, jti and sub", "something else");
        DateTimeOffset now = clock.Now;
        if (now - end >= options.ClockSkew || issued - now > options.ClockSkew)
            return Refuse(VerificationFailure.ContextInvalid, $"iat and exp around {now:O}", $"{issued:O} to {end:O}");
        return null;
    }

    // FWD-62, FWD-64: the request that arrived is the one that was verified; method, path and query are covered, the body is not.
    private ContextResult? RefuseOtherRequest(HttpContext request, JwtClaims claims)
    {
        string method = OriginalRequest.MethodOf(request);
        if (!string.Equals(claims.String(ContextClaims.Htm), method, StringComparison.Ordinal))
            return Refuse(VerificationFailure.ContextMismatch, $"method {claims.String(ContextClaims.Htm)}", method);
        ReadOnlySpan<char> raw = RawPath.Of(request);
        int query = raw.IndexOf('?');
        if (!IsVerifiedTarget(request, query < 0 ? raw : raw[..query], claims))
            return Refuse(VerificationFailure.ContextMismatch, $"path {claims.String(ContextClaims.Path)}", Printable.From(query < 0 ? raw : raw[..query]));
        return string.Equals(claims.String(ContextClaims.QueryHash), ContextClaims.HashOf(query < 0 ? default : raw[(query + 1)..]), StringComparison.Ordinal)
            ? null
            : Refuse(VerificationFailure.ContextMismatch, "the query that was verified", "another");
    }

    // Canonical spellings are compared: a proxy may respell what means the same (RFC 3986 §6.2.2), and nothing else.
    private bool IsVerifiedTarget(HttpContext request, ReadOnlySpan<char> path, JwtClaims claims)
    {
        if (_targets is not null)
            return HttpTarget.TryParse(claims.String(ContextClaims.Htu), out HttpTarget verified) && _targets.Resolve(request).Contains(verified);
        return HttpTarget.TryCreate(AnyOrigin, path, out HttpTarget arrived)
            && HttpTarget.TryCreate(AnyOrigin, claims.String(ContextClaims.Path), out HttpTarget told) && arrived == told;
    }

    // FWD-62: once. Last, so that only a context that would have passed is remembered.
    private async ValueTask<ContextResult> UseAsync(string guard, JwtClaims claims, CancellationToken cancellationToken)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"context\n{guard.Length}\n{guard}\n{claims.String("jti")}"));
        var record = new ReplayRecord(new(BinaryPrimitives.ReadUInt128BigEndian(hash)), BinaryPrimitives.ReadUInt64BigEndian(hash), new(claims.Time("iat")!.Value, FromNonce: false));
        return await used.TryAddAsync(record, cancellationToken) switch
        {
            ReplayResult.Added => new(Caller(claims), null),
            ReplayResult.Replayed or ReplayResult.Fenced => Refuse(VerificationFailure.ContextReplayed, "a context that was not used", "a used one"),
            ReplayResult.Full => Refuse(VerificationFailure.ReplayStoreFull, "room to remember the context", "none"),
            ReplayResult.Unavailable => Refuse(VerificationFailure.ReplayStoreUnavailable, "an answer of the store", "none"),
        };
    }

    // As the API door would have them from the token itself: iss is the token's issuer, and each scope a claim of its own.
    private static List<Claim> Caller(JwtClaims claims)
    {
        string issuer = claims.String(ContextClaims.TokenIssuer) ?? claims.String("iss")!;
        return [new Claim("iss", issuer, ClaimValueTypes.String, issuer), .. claims.Claims.Where(claim => ContextClaims.IsOfTheCaller(claim.Type)).Select(claim => new Claim(claim.Type, claim.Value, claim.ValueType, issuer))];
    }

    private static ContextResult Refuse(VerificationFailure failure, string expected, string? seen = null) => new(null, new(failure, Printable.From(expected), Printable.From(seen)));
}
