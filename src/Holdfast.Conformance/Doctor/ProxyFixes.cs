namespace Holdfast.Conformance;

/// <summary>The fixes, in the words of each proxy's own configuration. <c>samples/proxies/</c> has each of them in its place.</summary>
internal static class ProxyFixes
{
    /// <summary>The <c>DPoP</c> field does not arrive.</summary>
    public static string PassProof(ProxyKind proxy) => proxy switch
    {
        ProxyKind.Nginx => "nginx passes DPoP by itself: look for 'proxy_set_header DPoP' with another value, 'proxy_pass_request_headers off', or a firewall module before it.",
        ProxyKind.Caddy => "Caddy passes DPoP by itself: remove 'header_up -DPoP', or the handler that rewrites request headers.",
        ProxyKind.HAProxy => "HAProxy passes DPoP by itself: remove 'http-request del-header DPoP'; look at other hops.",
        ProxyKind.Apache => "Apache passes DPoP by itself: remove 'RequestHeader unset DPoP'; look at mod_security rules.",
        ProxyKind.Envoy => "Envoy passes DPoP by itself: remove it from request_headers_to_remove; with ext_authz allow 'dpop' among the headers that reach the service.",
        ProxyKind.Traefik => "Traefik passes DPoP by itself: remove an empty DPoP from customRequestHeaders of the headers middleware.",
        ProxyKind.Unknown => "Let every hop pass the DPoP field as it came; gateways and firewalls with lists of allowed fields need it on their list.",
    };

    /// <summary>The field arrives, changed or doubled.</summary>
    public static string PassProofOnce(ProxyKind proxy) => proxy switch
    {
        ProxyKind.Nginx => "remove 'proxy_set_header DPoP $http_dpop': it joins or replaces what the client sent; nginx passes each line by itself.",
        ProxyKind.HAProxy => "use no 'http-request add-header DPoP'; HAProxy passes each line by itself.",
        ProxyKind.Apache => "use no 'RequestHeader add DPoP'; Apache passes the field by itself.",
        ProxyKind.Caddy or ProxyKind.Envoy or ProxyKind.Traefik or ProxyKind.Unknown => "Let no hop add, join or rewrite the DPoP field.",
    };

    /// <summary>The verifier sees another URL than the client calls.</summary>
    public static string PublicUrl(ProxyKind proxy, string called, string? seen)
    {
        var declare = $"Declare the URL that clients call: PublicOrigins = [\"{called}\"]";
        var because = seen is null ? "" : $" (it sees {seen})";
        var pass = proxy switch
        {
            ProxyKind.Nginx => "or let nginx say it: 'proxy_set_header Host $http_host;' and 'proxy_set_header X-Forwarded-Proto $scheme;' with trusted forwarded headers",
            ProxyKind.Caddy => "or trust what Caddy says in X-Forwarded-Proto and X-Forwarded-Host",
            ProxyKind.HAProxy => "or let HAProxy say it: 'http-request set-header X-Forwarded-Proto https if { ssl_fc }' and 'http-request set-header X-Forwarded-Host %[req.hdr(Host)]' with trusted forwarded headers",
            ProxyKind.Apache => "or let Apache say it: 'ProxyPreserveHost On' and 'RequestHeader set X-Forwarded-Proto \"https\"' with trusted forwarded headers",
            ProxyKind.Envoy => "or trust Envoy's x-forwarded-proto and keep the Host (no host_rewrite)",
            ProxyKind.Traefik => "or trust Traefik's X-Forwarded-Proto and X-Forwarded-Host (passHostHeader is on by default)",
            ProxyKind.Unknown => "or let the proxy say scheme and host in forwarded headers that the API trusts",
        };
        return $"{declare}{because}, {pass}. A path prefix that the proxy strips belongs to the declared URL.";
    }

    /// <summary>The client certificate does not arrive.</summary>
    public static string PassCertificate(ProxyKind proxy) => proxy switch
    {
        ProxyKind.Nginx => "'ssl_verify_client optional_no_ca;', 'proxy_set_header X-SSL-Client-Cert $ssl_client_escaped_cert;', and the format nginx at the API.",
        ProxyKind.Caddy => "'client_auth { mode request }' in tls, 'header_up Client-Cert \":{http.request.tls.client.certificate_der_base64}:\"', and the format caddy at the API.",
        ProxyKind.HAProxy => "'verify optional ca-ignore-err all crt-ignore-err all' at bind, 'http-request set-header X-SSL-Client-Cert %[ssl_c_der,base64] if { ssl_c_used }', and the format haproxy at the API.",
        ProxyKind.Apache => "'SSLVerifyClient optional_no_ca', 'SSLOptions +ExportCertData', 'RequestHeader set X-SSL-Client-Cert \"%{SSL_CLIENT_CERT}s\"', and the format apache at the API.",
        ProxyKind.Envoy => "'forward_client_cert_details: SANITIZE_SET' with 'set_current_client_cert_details: { cert: true }', and the format envoy-xfcc at the API.",
        ProxyKind.Traefik => "clientAuthType RequestClientCert, the passTLSClientCert middleware with pem: true, and the format traefik at the API.",
        ProxyKind.Unknown => "Let the hop that ends TLS ask for the certificate and hand it on, best by RFC 9440, and declare that hop and its format at the API.",
    };

    /// <summary>A field that the client itself wrote is believed.</summary>
    public static string StripForged(ProxyKind proxy, string field) => proxy switch
    {
        ProxyKind.Nginx => $"overwrite {field} on every listener: 'proxy_set_header {field} …;' replaces the client's copy, with an empty value too; leave underscores_in_headers off.",
        ProxyKind.Caddy => $"'request_header -{field}' before it is set, on every site, and '-{field.Replace('-', '_')}' too.",
        ProxyKind.HAProxy => $"'http-request del-header {field}' first, on every frontend.",
        ProxyKind.Apache => $"'RequestHeader unset {field} early' on every virtual host.",
        ProxyKind.Envoy => "forward_client_cert_details: SANITIZE_SET, or SANITIZE where no certificate is asked for; never ALWAYS_FORWARD_ONLY towards clients.",
        ProxyKind.Traefik => "leave forwardedHeaders.insecure off, and name trustedIPs, on every entry point.",
        ProxyKind.Unknown => $"Remove {field} from what clients send, on every listener, before it is set.",
    } + " At the API: take it from the proxy's address only.";

    /// <summary>A browser cannot read what it needs.</summary>
    public static string Cors => "Expose DPoP-Nonce and WWW-Authenticate, allow DPoP and Authorization (AddHoldfast does so for every CORS policy); let the proxy keep Access-Control-* as they are, on 401 too.";
}
