using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>Names what the bearer handler refused a token for. Its exceptions' texts are not used: an application may have them show the token.</summary>
internal static class BearerFailure
{
    public static HandedOverToken Of(Exception? exception)
    {
        // Of several handlers the first that knew the token's fault speaks.
        if (exception is AggregateException { InnerExceptions: [var first, ..] all })
            return Of(all.FirstOrDefault(inner => Name(inner) is not VerificationFailure.TokenRejected) ?? first);
        return exception is null
            ? HandedOverToken.None
            : HandedOverToken.Refused(Name(exception), "a token that the bearer handler accepts", exception.GetType().Name);
    }

    // Order matters: some derive from others.
    private static VerificationFailure Name(Exception exception) => exception switch
    {
        SecurityTokenExpiredException => VerificationFailure.TokenExpired,
        SecurityTokenNotYetValidException => VerificationFailure.TokenNotYetValid,
        SecurityTokenNoExpirationException => VerificationFailure.TokenClaimMissing,
        SecurityTokenInvalidAudienceException => VerificationFailure.TokenAudienceWrong,
        SecurityTokenInvalidIssuerException => VerificationFailure.TokenIssuerWrong,
        SecurityTokenInvalidAlgorithmException => VerificationFailure.TokenAlgorithmNotAllowed,
        SecurityTokenInvalidTypeException => VerificationFailure.TokenTypeWrong,
        SecurityTokenSignatureKeyNotFoundException => VerificationFailure.TokenKeyUnknown,
        SecurityTokenInvalidSignatureException => VerificationFailure.TokenSignatureInvalid,
        SecurityTokenMalformedException => VerificationFailure.TokenMalformed,
        // What Microsoft.IdentityModel throws for a part that it cannot decode; those derived from it are programming errors.
        ArgumentException when exception.GetType() == typeof(ArgumentException) => VerificationFailure.TokenMalformed,
        _ => VerificationFailure.TokenRejected,
    };
}
