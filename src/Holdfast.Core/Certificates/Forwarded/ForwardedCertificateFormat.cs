namespace Holdfast;

/// <summary>How a proxy writes its client's certificate into the request. Declared for a listener, never told from what arrives.</summary>
public enum ForwardedCertificateFormat
{
    /// <summary>None declared; no decoder is made of it.</summary>
    Unspecified = 0,

    /// <summary><c>Client-Cert</c> and <c>Client-Cert-Chain</c> (RFC 9440).</summary>
    Rfc9440 = 1,

    /// <summary>nginx: <c>$ssl_client_escaped_cert</c> in <c>X-SSL-Client-Cert</c>, <c>$ssl_client_verify</c> in <c>X-SSL-Client-Verify</c>.</summary>
    Nginx = 2,

    /// <summary>Envoy: <c>X-Forwarded-Client-Cert</c>, written by <c>SANITIZE_SET</c>.</summary>
    EnvoyXfcc = 3,

    /// <summary>
    /// HAProxy: <c>ssl_c_der,base64</c> in <c>X-SSL-Client-Cert</c>, and beside it <c>ssl_c_used</c> in <c>X-SSL-Client-Used</c>, <c>ssl_c_verify</c>
    /// in <c>X-SSL-Client-Verify</c>, and, where wanted, <c>ssl_c_chain_der,base64</c> in <c>X-SSL-Client-Chain</c>.
    /// </summary>
    HAProxy = 4,

    /// <summary>Apache: <c>%{SSL_CLIENT_CERT}s</c> in <c>X-SSL-Client-Cert</c>, <c>%{SSL_CLIENT_VERIFY}s</c> in <c>X-SSL-Client-Verify</c>.</summary>
    Apache = 5,

    /// <summary>Traefik: <c>X-Forwarded-Tls-Client-Cert</c> of its <c>passTLSClientCert</c> middleware with <c>pem</c>.</summary>
    Traefik = 6,

    /// <summary>Caddy: <c>Client-Cert</c> as <c>:{http.request.tls.client.certificate_der_base64}:</c>.</summary>
    Caddy = 7,

    /// <summary>
    /// AWS application load balancer: <c>X-Amzn-Mtls-Clientcert</c> of the passthrough mode. In the verify mode name the field
    /// <c>X-Amzn-Mtls-Clientcert-Leaf</c>.
    /// </summary>
    AwsAlb = 8,

    /// <summary>Azure App Service: <c>X-ARR-ClientCert</c>.</summary>
    AzureArr = 9,
}
