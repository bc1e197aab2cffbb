using System.Buffers;
using System.Globalization;

namespace Holdfast.Issuer;

/// <summary>
/// What is demanded of an authorization request beside its client and its redirect URI: the same of one that is pushed and of one that comes through a browser
/// (AT-81, RFC 9126 §2.1).
/// </summary>
internal static class AuthorizationRequestRules
{
    public const string OpenId = "openid";

    private const int ChallengeLength = 43;
    private static readonly SearchValues<char> Base64UrlCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The request as it will be answered, or null and why not.</summary>
    public static AcceptedRequest? Accept(IssuerSnapshot snapshot, IssuerClient client, AuthorizationRequest request, out AuthorizationRefusal? refusal)
    {
        bool hasPrompt = ReadPrompt(request.Prompt, out AuthorizationPrompt prompt);
        bool hasMaxAge = ReadMaxAge(request.MaxAge, out TimeSpan? maxAge);
        JwkThumbprint jkt = default;
        // RFC 9101 §6.3: a request object that is not read would be one whose protection is ignored.
        refusal = request.HasRequestObject ? new(new Refusal(VerificationFailure.AuthorizationRequestMalformed, "parameters", "a request object"), "request_not_supported") : null;
        refusal ??= CheckResponse(request) ?? CheckChallenge(request);
        // DPOP-AS-31, RFC 9449 §10: the thumbprint as RFC 7638 writes it.
        if (request.DPoPJkt is { } text && !JwkThumbprint.TryParse(text, out jkt))
            refusal ??= Malformed("dpop_jkt: a SHA-256 thumbprint", text);
        if (!hasPrompt)
            refusal ??= Malformed("prompt: none, or some of login, consent, select_account", request.Prompt);
        if (!hasMaxAge)
            refusal ??= Malformed("max_age: whole seconds", request.MaxAge);
        if (refusal is not null)
            return null;
        if (!RequestedAccess.TryRead(snapshot, client, request, out RequestedAccess access, out Refusal? denied))
        {
            refusal = new(denied ?? Refusal.Unspecified);
            return null;
        }
        return new AcceptedRequest
        {
            CodeChallenge = request.CodeChallenge!,
            DPoPJkt = request.DPoPJkt is null ? null : jkt,
            Prompt = prompt,
            MaxAge = maxAge,
            Nonce = request.Nonce,
            Resources = access.Resources,
            Scopes = access.Scopes,
        };
    }

    private static AuthorizationRefusal? CheckResponse(AuthorizationRequest request)
    {
        // FAPI-13, RFC 9700 §2.1.2: code alone; tokens never come through a browser (DPOP-AS-15).
        if (request.ResponseType is null)
            return Malformed("response_type", null);
        if (!string.Equals(request.ResponseType, "code", StringComparison.Ordinal))
            return AuthorizationRefusal.Of(VerificationFailure.ResponseTypeUnsupported, "code", Printable.From(request.ResponseType));
        return request.ResponseMode is null or "query" ? null : Malformed("response_mode: query", request.ResponseMode);
    }

    // AT-90, FAPI-14, RFC 7636 §4.3, RFC 9700 §2.1.1: always, by S256. Without a method it would be plain, which is refused.
    private static AuthorizationRefusal? CheckChallenge(AuthorizationRequest request)
    {
        if (request.CodeChallenge is not { Length: ChallengeLength } challenge || challenge.AsSpan().ContainsAnyExcept(Base64UrlCharacters))
            return AuthorizationRefusal.Of(VerificationFailure.CodeChallengeRequired, $"code_challenge of {ChallengeLength} characters in base64url", request.CodeChallenge is null ? "none" : "another");
        return string.Equals(request.CodeChallengeMethod, "S256", StringComparison.Ordinal)
            ? null
            : AuthorizationRefusal.Of(VerificationFailure.CodeChallengeRequired, "code_challenge_method S256", Printable.From(request.CodeChallengeMethod ?? "none, which is plain"));
    }

    // OpenID Connect Core §3.1.2.1: none goes with no other.
    private static bool ReadPrompt(string? text, out AuthorizationPrompt prompt)
    {
        prompt = AuthorizationPrompt.Unsaid;
        foreach (string value in text?.Split(' ') ?? [])
        {
            AuthorizationPrompt one = value switch
            {
                "none" => AuthorizationPrompt.None,
                "login" => AuthorizationPrompt.Login,
                "consent" => AuthorizationPrompt.Consent,
                "select_account" => AuthorizationPrompt.SelectAccount,
                _ => AuthorizationPrompt.Unsaid,
            };
            if (one == AuthorizationPrompt.Unsaid)
                return false;
            prompt |= one;
        }
        return !prompt.HasFlag(AuthorizationPrompt.None) || prompt == AuthorizationPrompt.None;
    }

    private static bool ReadMaxAge(string? text, out TimeSpan? maxAge)
    {
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds);
        maxAge = isNumber ? TimeSpan.FromSeconds(seconds) : null;
        return text is null || isNumber;
    }

    private static AuthorizationRefusal Malformed(string expected, string? seen) =>
        AuthorizationRefusal.Of(VerificationFailure.AuthorizationRequestMalformed, expected, Printable.From(seen ?? "none"));
}
