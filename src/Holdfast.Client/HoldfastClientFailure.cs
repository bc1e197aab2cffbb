namespace Holdfast.Client;

/// <summary>Why a call could not be made. Stable: log it, alert on it, switch over it.</summary>
public enum HoldfastClientFailure
{
    /// <summary>Not said; never thrown by this version.</summary>
    Unspecified = 0,
    /// <summary>The authorization server's metadata could not be read (RFC 8414 §3).</summary>
    DiscoveryFailed = 1,
    /// <summary>The metadata names another issuer (RFC 8414 §3.3).</summary>
    IssuerMismatch = 2,
    /// <summary>The token endpoint did not answer, or answered that it cannot now.</summary>
    TokenServerUnavailable = 3,
    /// <summary>The token endpoint refused (RFC 6749 §5.2); see <see cref="HoldfastClientException.Error"/>.</summary>
    TokenRefused = 4,
    /// <summary>The token endpoint's answer cannot be read.</summary>
    TokenResponseInvalid = 5,
    /// <summary>The token is not bound as it was asked for, by its type (RFC 9449 §5, RFC 8705 §3). It was thrown away.</summary>
    TokenNotBound = 6,
    /// <summary>The server asked for a nonce again although it was given its newest.</summary>
    NonceRefused = 7,
    /// <summary>The key's algorithm is none of those that the server publishes.</summary>
    AlgorithmNotSupported = 8,
    /// <summary>The key file is damaged, or holds something else than a private key.</summary>
    KeyFileDamaged = 9,
    /// <summary>Others than the owner may read or write the key file.</summary>
    KeyFileExposed = 10,
    /// <summary>The key file cannot be read or created.</summary>
    KeyFileUnavailable = 11,
    /// <summary>The caller set <c>Authorization</c> or <c>DPoP</c> by itself.</summary>
    CredentialsSetByCaller = 12,
    /// <summary>The target is neither https nor on this machine; or it is plain http and the certificate must be presented there.</summary>
    InsecureTarget = 13,
    /// <summary>The request must be sent again, and its body cannot be.</summary>
    ContentNotRepeatable = 14,
    /// <summary>There is no client certificate to be had: its file cannot be read, or its source failed.</summary>
    CertificateUnavailable = 15,
    /// <summary>The certificate file is damaged, or the private key in the key file is not its own.</summary>
    CertificateInvalid = 16,
    /// <summary>The server did not ask for the client certificate in the handshake (RFC 8705 §2). Nothing was sent on that connection.</summary>
    CertificateNotRequested = 17,
    /// <summary>The authorization server does not say that it binds tokens to certificates (RFC 8705 §3.3). None was asked for.</summary>
    CertificateBindingNotSupported = 18,
    /// <summary>The primary handler of the <see cref="HttpClient"/> cannot present a certificate: it is neither of the platform's own two.</summary>
    PrimaryHandlerNotSupported = 19,
    /// <summary>The request insists on HTTP/3, where nothing shows whether the server asked for the certificate. Use HTTP/2 or HTTP/1.1.</summary>
    HttpVersionNotSupported = 20,
}
