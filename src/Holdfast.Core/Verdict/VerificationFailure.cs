namespace Holdfast;

/// <summary>
/// Every way in which a request, a proof, a token or a client authentication is refused. Closed: numbers are never reused, and
/// zero is a refusal. <see cref="FailureCatalog"/> maps each value to its wire error, status, severity and page.
/// </summary>
public enum VerificationFailure
{
    /// <summary>Nothing was decided, so nothing is accepted.</summary>
    Unspecified = 0,

    // --- 100: credentials of the request ---

    /// <summary>No credentials were presented.</summary>
    CredentialsMissing = 100,
    /// <summary>More than one <c>Authorization</c> line.</summary>
    AuthorizationRepeated = 101,
    /// <summary>The <c>Authorization</c> field is not <c>scheme 1*SP token68</c>.</summary>
    AuthorizationMalformed = 102,
    /// <summary>A scheme other than <c>DPoP</c> and <c>Bearer</c>.</summary>
    SchemeUnsupported = 103,
    /// <summary>A token in the query or in a form body, alone or besides the header.</summary>
    TokenOutsideHeader = 104,
    /// <summary>The public URL of the request cannot be told.</summary>
    TargetUnknown = 105,
    /// <summary>The request did not come from a proxy that is trusted to tell of others.</summary>
    ProxyUntrusted = 106,
    /// <summary>A trusted proxy left out, repeated or contradicted part of the original request: method, scheme, host or URI.</summary>
    OriginalRequestIncomplete = 107,
    /// <summary>No route is declared for this URL and method.</summary>
    RouteUnknown = 108,
    /// <summary>The token is good and lacks a scope that the route demands.</summary>
    ScopeInsufficient = 109,

    // --- 200: the access token ---

    /// <summary>Longer than the limit.</summary>
    TokenTooLarge = 200,
    /// <summary>Not a well-formed compact JWT.</summary>
    TokenMalformed = 201,
    /// <summary><c>typ</c> is not <c>at+jwt</c>.</summary>
    TokenTypeWrong = 202,
    /// <summary><c>alg</c> is not on the list, or not that of the key.</summary>
    TokenAlgorithmNotAllowed = 203,
    /// <summary>Another issuer.</summary>
    TokenIssuerWrong = 204,
    /// <summary>Meant for another resource.</summary>
    TokenAudienceWrong = 205,
    /// <summary>No published key has this <c>kid</c>.</summary>
    TokenKeyUnknown = 206,
    /// <summary>The signature does not verify.</summary>
    TokenSignatureInvalid = 207,
    /// <summary>Past <c>exp</c>.</summary>
    TokenExpired = 208,
    /// <summary>Before <c>nbf</c>, or issued in the future.</summary>
    TokenNotYetValid = 209,
    /// <summary>A claim that RFC 9068 demands is missing or of the wrong kind.</summary>
    TokenClaimMissing = 210,
    /// <summary>The issuer's keys were never obtained.</summary>
    IssuerUnavailable = 211,
    /// <summary>Refused by the application's own token handler or events, for a reason of their own.</summary>
    TokenRejected = 212,

    // --- 300: the binding ---

    /// <summary><c>cnf</c> is empty, not an object, or a member has the wrong form.</summary>
    ConfirmationMalformed = 300,
    /// <summary><c>cnf</c> has a member that this verifier cannot enforce.</summary>
    ConfirmationUnsupported = 301,
    /// <summary>A bound token presented as a bearer token.</summary>
    BoundTokenAsBearer = 302,
    /// <summary>The <c>DPoP</c> scheme with a token that has no binding.</summary>
    UnboundTokenWithDPoP = 303,
    /// <summary>An unbound token where a binding is required.</summary>
    UnboundToken = 304,
    /// <summary>A valid token with a proof by a key that it is not bound to: the mark of theft.</summary>
    KeyMismatch = 305,
    /// <summary>A certificate-bound token without a client certificate.</summary>
    CertificateMissing = 306,
    /// <summary>A valid token with another certificate than it is bound to: the mark of theft.</summary>
    CertificateMismatch = 307,
    /// <summary>The certificate that the token is bound to has expired.</summary>
    CertificateExpired = 308,
    /// <summary>The certificate that the token is bound to is not valid yet.</summary>
    CertificateNotYetValid = 309,
    /// <summary>A trusted proxy's field does not state exactly one certificate in the declared format.</summary>
    CertificateHeaderUnreadable = 310,
    /// <summary>A field with a client certificate from somebody who is not a trusted proxy; it was dropped.</summary>
    CertificateHeaderUntrusted = 311,
    /// <summary>The content of an accepted token cannot be had, so whether it is bound cannot be told.</summary>
    ConfirmationUnreadable = 312,

    // --- 400: the proof ---

    /// <summary>No <c>DPoP</c> field where one is needed.</summary>
    ProofMissing = 400,
    /// <summary>More than one <c>DPoP</c> line.</summary>
    ProofRepeated = 401,
    /// <summary>Longer than the limit.</summary>
    ProofTooLarge = 402,
    /// <summary>Not a well-formed compact JWS; an empty field too.</summary>
    ProofMalformed = 403,
    /// <summary>A header parameter or claim occurs twice.</summary>
    ProofMemberRepeated = 404,
    /// <summary><c>typ</c> is not <c>dpop+jwt</c>.</summary>
    ProofTypeWrong = 405,
    /// <summary><c>alg</c> is missing, not asymmetric, not implemented or not on the list.</summary>
    ProofAlgorithmNotAllowed = 406,
    /// <summary>A <c>crit</c> header parameter.</summary>
    ProofCriticalUnsupported = 407,
    /// <summary><c>jwk</c> is missing or malformed.</summary>
    ProofKeyMalformed = 408,
    /// <summary><c>jwk</c> carries private members.</summary>
    ProofKeyPrivate = 409,
    /// <summary><c>alg</c> does not fit the key's type, curve or size.</summary>
    ProofKeyUnfit = 410,
    /// <summary>The key is not a valid point or modulus.</summary>
    ProofKeyInvalid = 411,
    /// <summary>A mandatory claim is missing.</summary>
    ProofClaimMissing = 412,
    /// <summary>A claim has the wrong type or form, or is too long.</summary>
    ProofClaimMalformed = 413,
    /// <summary><c>htm</c> is another method.</summary>
    MethodMismatch = 414,
    /// <summary><c>htu</c> is not an absolute http(s) URI in a form that may be compared.</summary>
    TargetMalformed = 415,
    /// <summary><c>htu</c> is another URL.</summary>
    TargetMismatch = 416,
    /// <summary><c>ath</c> is missing or belongs to another token.</summary>
    TokenHashMismatch = 417,
    /// <summary>A nonce is demanded and absent.</summary>
    NonceMissing = 418,
    /// <summary>A nonce of ours whose time is over.</summary>
    NonceStale = 419,
    /// <summary>A nonce that this server, in this role, did not issue.</summary>
    NonceUnknown = 420,
    /// <summary>Created too long ago, or past its own <c>exp</c>.</summary>
    ProofExpired = 421,
    /// <summary>Created in the future.</summary>
    ProofFromFuture = 422,
    /// <summary>The signature does not verify with the key in the proof.</summary>
    ProofSignatureInvalid = 423,

    // --- 500: replay ---

    /// <summary>This proof was accepted before.</summary>
    ProofReplayed = 500,
    /// <summary>The proof may have been accepted before a restart.</summary>
    ProofFenced = 501,
    /// <summary>No room to remember the proof.</summary>
    ReplayStoreFull = 502,
    /// <summary>The replay store does not answer.</summary>
    ReplayStoreUnavailable = 503,

    // --- 550: the context that a guard hands to an upstream ---

    /// <summary>No context, or more than one.</summary>
    ContextMissing = 550,
    /// <summary>Not a context of a trusted guard: form, type, signature, audience or time.</summary>
    ContextInvalid = 551,
    /// <summary>A context for another request: method, path or query.</summary>
    ContextMismatch = 552,
    /// <summary>The context was used before.</summary>
    ContextReplayed = 553,
    /// <summary>The guard's keys were never obtained.</summary>
    ContextKeysUnavailable = 554,

    // --- 570: the load of the verifier ---

    /// <summary>The node has more to verify than it can in time; nothing of the request was looked at.</summary>
    VerifierOverloaded = 570,

    // --- 600: client authentication and grants at the issuer ---

    /// <summary>The request is not a form that RFC 6749 allows: a parameter missing, repeated or too long.</summary>
    TokenRequestMalformed = 600,
    /// <summary>No client authentication, or more than one kind.</summary>
    ClientAuthenticationMissing = 601,
    /// <summary>No such client.</summary>
    ClientUnknown = 602,
    /// <summary>The client may not authenticate this way.</summary>
    ClientMethodNotAllowed = 603,
    /// <summary>A wrong secret.</summary>
    ClientSecretWrong = 604,
    /// <summary>The assertion is not a well-formed JWT.</summary>
    AssertionMalformed = 605,
    /// <summary>The assertion's <c>typ</c> is that of another kind of JWT.</summary>
    AssertionTypeWrong = 606,
    /// <summary>The assertion's <c>alg</c> is not allowed.</summary>
    AssertionAlgorithmNotAllowed = 607,
    /// <summary>A claim is missing, malformed, or <c>iss</c> and <c>sub</c> are not the client.</summary>
    AssertionClaimWrong = 608,
    /// <summary><c>aud</c> is not this issuer.</summary>
    AssertionAudienceWrong = 609,
    /// <summary>Past its <c>exp</c>.</summary>
    AssertionExpired = 610,
    /// <summary>From the future.</summary>
    AssertionNotYetValid = 611,
    /// <summary>Lives longer than five minutes.</summary>
    AssertionLifetimeTooLong = 612,
    /// <summary>No key of the client verifies it.</summary>
    AssertionSignatureInvalid = 613,
    /// <summary>Spent before.</summary>
    AssertionReplayed = 614,
    /// <summary>The grant type is not offered, or not to this client.</summary>
    GrantTypeUnsupported = 616,
    /// <summary>A scope that the client may not have, or the resource does not know.</summary>
    ScopeNotAllowed = 617,
    /// <summary>A resource that does not exist, is not the client's, or is ambiguous.</summary>
    ResourceNotAllowed = 618,
    /// <summary>The client must bind its tokens and sent no proof.</summary>
    BindingRequired = 619,
    /// <summary>The client authenticates by certificate and presented none.</summary>
    ClientCertificateMissing = 620,
    /// <summary>The certificate is not one that is registered for the client.</summary>
    ClientCertificateMismatch = 621,
    /// <summary>The certificate's chain leads to no configured anchor, or may not be used for client authentication.</summary>
    ClientCertificateUntrusted = 622,
    /// <summary>The certificate is revoked, or whether it is cannot be told.</summary>
    ClientCertificateRevoked = 623,
    /// <summary>The certificate is not valid now.</summary>
    ClientCertificateExpired = 624,
    /// <summary>The client must bind its tokens to a certificate and presented none.</summary>
    CertificateBindingRequired = 625,
    /// <summary>The client's keys cannot be fetched from where they are registered.</summary>
    ClientKeysUnavailable = 626,
    /// <summary>The issuer's database does not answer.</summary>
    IssuerStateUnavailable = 627,
    /// <summary>The client was switched off or offboarded.</summary>
    ClientDisabled = 628,
    /// <summary>A grant type that the client is not registered for.</summary>
    GrantTypeNotAllowed = 629,
    /// <summary>No such authorization code for this client, or it has expired.</summary>
    CodeInvalid = 630,
    /// <summary>An authorization code that was redeemed before.</summary>
    CodeReplayed = 631,
    /// <summary>code_verifier is missing or does not fit the challenge.</summary>
    CodeVerifierWrong = 632,
    /// <summary>redirect_uri is not that of the authorization request.</summary>
    CodeRedirectUriMismatch = 633,
    /// <summary>The code is bound to another key, or no proof was sent.</summary>
    CodeBindingMismatch = 634,
    /// <summary>No such refresh token for this client, or it has expired or ended.</summary>
    RefreshTokenInvalid = 635,
    /// <summary>A refresh token that was replaced before, presented by its proven holder.</summary>
    RefreshTokenReused = 636,
    /// <summary>The refresh token is bound to another key or certificate, or nothing was proven.</summary>
    RefreshTokenBindingMismatch = 637,
    /// <summary>The authorization request is not one that RFC 6749 allows: a parameter missing, repeated, too long or not understood.</summary>
    AuthorizationRequestMalformed = 638,
    /// <summary>redirect_uri is not registered for the client.</summary>
    RedirectUriNotRegistered = 639,
    /// <summary>No S256 code challenge.</summary>
    CodeChallengeRequired = 640,
    /// <summary>The client must push its authorization requests.</summary>
    PushedRequestRequired = 641,
    /// <summary>No such pushed request for this client, or it has expired or was used.</summary>
    RequestUriInvalid = 642,
    /// <summary>A response type other than code.</summary>
    ResponseTypeUnsupported = 643,
    /// <summary>A pushed request states one key in dpop_jkt and proves another.</summary>
    BindingConflict = 644,
    /// <summary>The person did not allow it.</summary>
    AuthorizationDenied = 645,
    /// <summary>The person is not signed in, and must not be asked to.</summary>
    SignInRequired = 646,
    /// <summary>The person has not allowed it, and must not be asked to.</summary>
    ConsentRequired = 647,
    /// <summary>Too many requests of this client or address.</summary>
    RateLimited = 648,
    /// <summary>The client is not registered to introspect.</summary>
    IntrospectionNotAllowed = 649,
    /// <summary>A kind of token that cannot be revoked here.</summary>
    TokenTypeUnsupported = 650,
    /// <summary>Something that the security profile in force forbids.</summary>
    ProfileViolated = 651,
    /// <summary>The access token, its grant, its client or its signing key was revoked.</summary>
    TokenRevoked = 652,
}
