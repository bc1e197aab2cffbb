using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer;

/// <summary>Maps the issuer's endpoints.</summary>
public static class HoldfastIssuerEndpointExtensions
{
    /// <summary>
    /// Maps <c>/token</c>, <c>/introspect</c>, <c>/revoke</c> and <c>/jwks</c> below the issuer's path, and the metadata at the well-known paths that clients derive from the
    /// issuer (RFC 8414 §3; for an issuer with a path also OpenID's own form); where people sign in (<see cref="HoldfastIssuerBuilder.UseSignIn(string)"/>) also
    /// <c>/authorize</c> and <c>/par</c>. Anonymous: clients authenticate at the endpoints themselves.
    /// </summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The options are not valid.</exception>
    public static IEndpointConventionBuilder MapHoldfastIssuer(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        IServiceProvider services = endpoints.ServiceProvider;
        IssuerConfig config = services.GetRequiredService<IssuerConfig>();
        RouteGroupBuilder group = endpoints.MapGroup("");
        // AT-15, RFC 9068 §4: both documents are the same octets.
        var metadata = Lazily(() => new DocumentEndpoint(services.GetRequiredService<IssuerRegistry>(), services.GetRequiredService<IssuerKeyRings>(),
            ring => JsonSerializer.SerializeToUtf8Bytes(IssuerMetadata.From(config, ring, services.GetService<IssuerSignIn>() is not null), IssuerJsonContext.Default.IssuerMetadata)).HandleAsync);
        // AT-50, RFC 8414 §3.1: the well-known path goes between host and path; OpenID Connect Discovery §4 appends it instead (RFC 8414 §5).
        string[] metadataPaths = [IssuerPaths.AuthorizationServerMetadata + config.Path, IssuerPaths.OpenIdConfiguration + config.Path,
            config.Path + IssuerPaths.OpenIdConfiguration];
        foreach (string path in metadataPaths.Distinct(StringComparer.Ordinal))
            group.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], metadata);
        group.MapMethods(config.Path + IssuerPaths.Jwks, [HttpMethods.Get, HttpMethods.Head], Lazily(() => new DocumentEndpoint(services.GetRequiredService<IssuerRegistry>(),
            services.GetRequiredService<IssuerKeyRings>(), JsonWebKeySetDocument.Write).HandleAsync));
        Map<TokenEndpoint>(group, services, config, IssuerPaths.Token);
        Map<IntrospectionEndpoint>(group, services, config, IssuerPaths.Introspection);
        Map<RevocationEndpoint>(group, services, config, IssuerPaths.Revocation);
        if (services.GetService<IssuerSignIn>() is not null)
        {
            // FAPI-30: for browsers, so at the issuer's own address alone, where nobody asks for a certificate.
            group.Map(config.Path + IssuerPaths.Authorization, Lazily(() => services.GetRequiredService<AuthorizationEndpoint>().HandleAsync));
            group.Map(config.Path + IssuerPaths.Consent, Lazily(() => services.GetRequiredService<AuthorizationEndpoint>().HandleConsentAsync));
            Map<PushedAuthorizationEndpoint>(group, services, config, IssuerPaths.PushedAuthorizationRequest);
        }
        return group.AllowAnonymous();
    }

    // Every method, so that a wrong one is answered like every other refusal.
    private static void Map<T>(RouteGroupBuilder group, IServiceProvider services, IssuerConfig config, string name) where T : ClientEndpoint
    {
        RequestDelegate endpoint = Lazily(() => services.GetRequiredService<T>().HandleAsync);
        // MTLS-34, RFC 8705 §5: at the alias too; on one host where their paths are the same, and the listener makes the difference.
        foreach (string path in new[] { config.Path, config.MutualTls.BaseUrl is null ? config.Path : config.MutualTls.Path }.Distinct(StringComparer.Ordinal))
            group.Map(path + name, endpoint);
    }

    // Made at the first request: at start whatever cannot be made is told by the start itself.
    private static RequestDelegate Lazily(Func<RequestDelegate> create)
    {
        var made = new Lazy<RequestDelegate>(create);
        return context => made.Value(context);
    }
}
