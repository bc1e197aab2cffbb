using Holdfast;
using Holdfast.AspNetCore;
using Holdfast.Control;
using Holdfast.Registry;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the admin API.</summary>
public static class HoldfastControlServiceCollectionExtensions
{
    /// <summary>
    /// Registers the admin API. It needs an <see cref="IRegistryStore"/> and the issuer's <see cref="IRegistryRules"/>, and with an <see cref="IIssuerKeyAdmin"/> it
    /// manages signing keys too. Its door is one more authentication scheme, <see cref="HoldfastControlDefaults.AuthenticationScheme"/>, that takes sender-constrained
    /// tokens only. Map it with <see cref="AspNetCore.Builder.HoldfastControlEndpointExtensions.MapHoldfastControl"/>.
    /// </summary>
    public static IServiceCollection AddHoldfastControl(this IServiceCollection services, Action<HoldfastControlOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<HoldfastControlOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastControlOptions>, HoldfastControlOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddAuthentication().AddHoldfast(HoldfastControlDefaults.AuthenticationScheme, static _ => { });
        services.AddOptions<HoldfastOptions>(HoldfastControlDefaults.AuthenticationScheme).Configure<IOptions<HoldfastControlOptions>>(ConfigureDoor);
        services.AddAuthorizationBuilder()
            .AddPolicy(HoldfastControlDefaults.ReadPolicy, static policy => Require(policy, HoldfastControlDefaults.AdminScope, HoldfastControlDefaults.ReadScope))
            .AddPolicy(HoldfastControlDefaults.ChangePolicy, static policy => Require(policy, HoldfastControlDefaults.AdminScope));
        services.TryAddSingleton<IClientSecretHasher, Pbkdf2ClientSecretHasher>();
        services.TryAddSingleton<RegistryEditor>();
        services.TryAddSingleton<ControlEndpoints>();
        services.TryAddSingleton<ClientEndpoints>();
        services.TryAddSingleton<ResourceEndpoints>();
        services.TryAddSingleton<ApplyEndpoint>();
        services.TryAddSingleton<AuditEndpoint>();
        services.TryAddSingleton<IssuerKeyEndpoints>();
        return services;
    }

    private static void ConfigureDoor(HoldfastOptions door, IOptions<HoldfastControlOptions> control)
    {
        HoldfastControlOptions options = control.Value;
        door.Issuer = options.Issuer;
        door.Audience = options.EffectiveAudience;
        door.ResourceName = "admin";
        // Whoever rules the registry rules every token: unbound ones are refused here, whatever is said elsewhere.
        door.Mode = SenderConstraintMode.Require;
        door.NonceMode = options.NonceMode;
        door.SingleInstance = options.SingleInstance;
        door.DangerouslyAllowHttp = options.DangerouslyAllowHttp;
        door.PublicOrigins = [new Uri(options.Issuer).GetLeftPart(UriPartial.Authority)];
        door.ScopesSupported = [HoldfastControlDefaults.AdminScope, HoldfastControlDefaults.ReadScope];
    }

    private static void Require(AuthorizationPolicyBuilder policy, params string[] scopes) =>
        policy.AddAuthenticationSchemes(HoldfastControlDefaults.AuthenticationScheme).RequireAuthenticatedUser().RequireClaim("scope", scopes);
}
