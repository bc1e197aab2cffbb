namespace Holdfast.Issuer;

/// <summary>The paths of the endpoints, below the issuer.</summary>
internal static class IssuerPaths
{
    public const string Authorization = "/authorize";
    public const string Consent = "/authorize/consent";
    public const string PushedAuthorizationRequest = "/par";
    public const string Token = "/token";
    public const string Introspection = "/introspect";
    public const string Revocation = "/revoke";
    public const string Jwks = "/jwks";
    public const string AuthorizationServerMetadata = "/.well-known/oauth-authorization-server";
    public const string OpenIdConfiguration = "/.well-known/openid-configuration";
}
