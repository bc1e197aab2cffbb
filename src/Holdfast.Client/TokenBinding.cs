namespace Holdfast.Client;

/// <summary>What a client's tokens are bound to. There is no value for nothing.</summary>
public enum TokenBinding
{
    /// <summary>The client's key: a DPoP proof with every request (RFC 9449).</summary>
    DPoP = 1,
    /// <summary>The client's certificate, presented in the TLS handshake of every connection (RFC 8705 §3).</summary>
    Certificate = 2,
    /// <summary>Both at once: a proof with every request, the certificate on every connection.</summary>
    Both = 3,
}
