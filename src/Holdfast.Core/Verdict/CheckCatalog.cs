namespace Holdfast;

/// <summary>A check in words.</summary>
/// <param name="Check">The check.</param>
/// <param name="Title">What it asks.</param>
/// <param name="Section">The section that demands it.</param>
public sealed record CheckInfo(VerificationCheck Check, string Title, string Section);

/// <summary>The checks in their order, for <c>explain</c> and the documentation.</summary>
public static class CheckCatalog
{
    /// <summary>Every check, in order.</summary>
    public static IReadOnlyList<CheckInfo> All { get; } =
    [
        new(VerificationCheck.OneCredential, "exactly one Authorization field, and the token nowhere else", "RFC 9449 §7.2, RFC 6750 §3.1"),
        new(VerificationCheck.CredentialForm, "the field is a scheme, a space and a token", "RFC 9449 §7.1"),
        new(VerificationCheck.AccessToken, "the access token is genuine, for this resource, and alive", "RFC 9068 §4"),
        new(VerificationCheck.Binding, "the binding of the token can be enforced, and the scheme fits it", "RFC 9449 §7.1, §7.2"),
        new(VerificationCheck.Certificate, "the client certificate is the one the token is bound to, where it is bound to one", "RFC 8705 §3"),
        new(VerificationCheck.OneProof, "exactly one DPoP field", "RFC 9449 §4.3 step 1"),
        new(VerificationCheck.ProofForm, "the field is one well-formed JWS within the limits", "RFC 9449 §4.3 step 2"),
        new(VerificationCheck.ProofType, "typ is dpop+jwt", "RFC 9449 §4.3 step 4"),
        new(VerificationCheck.ProofAlgorithm, "alg is asymmetric and on the list", "RFC 9449 §4.3 step 5"),
        new(VerificationCheck.ProofKey, "jwk is a public key that fits alg", "RFC 9449 §4.3 step 7"),
        new(VerificationCheck.ProofClaims, "all required claims are there, with the right types", "RFC 9449 §4.3 step 3"),
        new(VerificationCheck.KeyBinding, "the proof key is the key the token is bound to", "RFC 9449 §4.3 step 12b"),
        new(VerificationCheck.TokenHash, "ath is the hash of the token", "RFC 9449 §4.3 step 12a"),
        new(VerificationCheck.Method, "htm is the method of the request", "RFC 9449 §4.3 step 8"),
        new(VerificationCheck.Target, "htu is the URL of the request", "RFC 9449 §4.3 step 9"),
        new(VerificationCheck.Nonce, "nonce is one of ours and alive, where one is asked for", "RFC 9449 §4.3 step 10"),
        new(VerificationCheck.ProofSignature, "the signature verifies with the key in the proof", "RFC 9449 §4.3 step 6"),
        new(VerificationCheck.Freshness, "the proof was made a moment ago", "RFC 9449 §4.3 step 11"),
        new(VerificationCheck.Replay, "the proof was not used before", "RFC 9449 §11.1"),
    ];
}
