using System.Diagnostics.CodeAnalysis;
using System.IdentityModel.Tokens.Jwt;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>
/// Hands the verifier what the bearer handler made of a token, for exactly the text that was validated. It checks nothing again: it reads the
/// binding from the token's own payload, never from claims, which the application may map.
/// </summary>
internal sealed class HandedOverToken : IAccessTokenVerifier
{
    // Who the client is stands in no RFC but 9068; these are what issuers in the field write, the standard's own first.
    private static readonly string[] ClientClaims = ["client_id", "azp", "appid", "cid"];

    /// <summary>No token was validated.</summary>
    public static readonly HandedOverToken None = Refused(VerificationFailure.TokenRejected, "a token that the bearer handler validated", null);

    private readonly string? _text;
    private readonly AccessTokenResult _result;

    private HandedOverToken(string? text, AccessTokenResult result) => (_text, _result) = (text, result);

    /// <summary>Which token; null where none was validated.</summary>
    public AccessTokenHash? Hash => _text is null ? null : AccessTokenHash.Of(_text);

    /// <summary>True only where the token was read and says that nothing binds it.</summary>
    public bool IsUnbound => _result.TryGet(out AccessToken? token, out _) && !token.Confirmation.IsBound;

    /// <inheritdoc/>
    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) =>
        new(_text is null || string.Equals(_text, token, StringComparison.Ordinal)
            ? _result
            : AccessTokenResult.Refused(VerificationFailure.ConfirmationUnreadable, "the token that the bearer handler validated", "another one"));

    /// <summary>A refusal, of whatever token.</summary>
    public static HandedOverToken Refused(VerificationFailure failure, string expected, string? seen) => new(null, AccessTokenResult.Refused(failure, expected, seen));

    /// <summary>A token that the bearer handler validated.</summary>
    public static HandedOverToken Of(SecurityToken validated)
    {
        if (!TryGetText(validated, out string? text, out string? signed))
            return Refused(VerificationFailure.ConfirmationUnreadable, "a JWT that a handler of Microsoft.IdentityModel validated", validated.GetType().Name);
        if (!CompactJws.TrySplit(signed, out CompactJws jws) || StrictBase64Url.Decode(jws.Payload) is not { } payload || StrictJson.Check(payload) != JsonFault.None)
            return Refused(VerificationFailure.ConfirmationUnreadable, "a payload in strict base64url and JSON, each member once", "another form");
        return new(text, Read(payload, validated));
    }

    // Of an encrypted token the text is the outer one, which the caller presented, and the payload that of the signed one within.
    private static bool TryGetText(SecurityToken validated, [NotNullWhen(true)] out string? text, out string? signed)
    {
        (text, signed) = validated switch
        {
            JsonWebToken token => (token.EncodedToken, (token.InnerToken ?? token).EncodedToken),
            JwtSecurityToken token => (token.RawData, (token.InnerToken ?? token).RawData),
            _ => (null, null),
        };
        return text is not null;
    }

    private static AccessTokenResult Read(byte[] payload, SecurityToken validated)
    {
        string issuer = validated.Issuer ?? "";
        JwtClaims claims = JwtClaims.Read(payload, issuer);
        // DPOP-RS-01, DPOP-RS-23, MTLS-25, RFC 9449 §6, RFC 8705 §3.1: the binding is read from the token, and a member that cannot be enforced refuses it.
        Confirmation confirmation = Confirmation.None;
        if (!claims.Confirmation.IsEmpty && !Confirmation.TryParse(claims.Confirmation.Span, out confirmation, out VerificationFailure failure))
            return AccessTokenResult.Refused(failure, "cnf with jkt or x5t#S256");
        return AccessTokenResult.Verified(new AccessToken
        {
            Issuer = issuer,
            Subject = claims.String("sub") ?? "",
            ClientId = ClientClaims.Select(claims.String).FirstOrDefault(client => client is { Length: > 0 }) ?? "",
            ExpiresAt = new DateTimeOffset(DateTime.SpecifyKind(validated.ValidTo, DateTimeKind.Utc)),
            Confirmation = confirmation,
            KeyId = validated.SigningKey?.KeyId,
            Jti = claims.String("jti"),
            GrantId = claims.String("grant_id"),
            Claims = claims.Claims,
        });
    }
}
