namespace Holdfast;

/// <summary>The checks in the order in which a request meets them; <see cref="VerificationTrace"/> records those that passed.</summary>
public enum VerificationCheck
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Exactly one <c>Authorization</c> line, and no token elsewhere.</summary>
    OneCredential = 1,
    /// <summary>A known scheme, spaces, a token68.</summary>
    CredentialForm = 2,
    /// <summary>Signature, issuer, audience, times and claims of the access token.</summary>
    AccessToken = 3,
    /// <summary>Every member of <c>cnf</c> can be enforced, and the scheme fits the binding.</summary>
    Binding = 4,
    /// <summary>RFC 9449 §4.3 step 1.</summary>
    OneProof = 5,
    /// <summary>RFC 9449 §4.3 step 2: one compact JWS within the limits, strict throughout.</summary>
    ProofForm = 6,
    /// <summary>RFC 9449 §4.3 step 4.</summary>
    ProofType = 7,
    /// <summary>RFC 9449 §4.3 step 5.</summary>
    ProofAlgorithm = 8,
    /// <summary>RFC 9449 §4.3 step 7, and the key fits the algorithm.</summary>
    ProofKey = 9,
    /// <summary>RFC 9449 §4.3 step 3.</summary>
    ProofClaims = 10,
    /// <summary>RFC 9449 §4.3 step 12b.</summary>
    KeyBinding = 11,
    /// <summary>RFC 9449 §4.3 step 12a.</summary>
    TokenHash = 12,
    /// <summary>RFC 9449 §4.3 step 8.</summary>
    Method = 13,
    /// <summary>RFC 9449 §4.3 step 9.</summary>
    Target = 14,
    /// <summary>RFC 9449 §4.3 step 10.</summary>
    Nonce = 15,
    /// <summary>RFC 9449 §4.3 step 6.</summary>
    ProofSignature = 16,
    /// <summary>RFC 9449 §4.3 step 11.</summary>
    Freshness = 17,
    /// <summary>RFC 9449 §11.1.</summary>
    Replay = 18,
    /// <summary>RFC 8705 §3: the certificate that the token is bound to, valid now. Met right after <see cref="Binding"/>.</summary>
    Certificate = 19,
}
