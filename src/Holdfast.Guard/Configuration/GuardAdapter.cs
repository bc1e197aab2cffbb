namespace Holdfast.Guard;

/// <summary>By which contract a proxy asks: each has an endpoint of its own.</summary>
public enum GuardAdapter
{
    /// <summary>nginx <c>auth_request</c>, at <c>/authorize/nginx</c>.</summary>
    Nginx = 1,
    /// <summary>Caddy <c>forward_auth</c> and Traefik ForwardAuth, at <c>/authorize/forward</c>.</summary>
    Forward = 2,
    /// <summary>Envoy <c>ext_authz</c> over HTTP, below <c>/authorize/envoy</c>.</summary>
    Envoy = 3,
    /// <summary>A Lua action of HAProxy, at <c>/authorize/haproxy</c>.</summary>
    HAProxy = 4,
    /// <summary>A Lua hook of Apache, at <c>/authorize/apache</c>.</summary>
    Apache = 5,
}
