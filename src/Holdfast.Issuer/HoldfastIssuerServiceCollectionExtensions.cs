using Holdfast.AspNetCore;
using Holdfast.Registry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Holdfast.Issuer;

/// <summary>Registers the issuer.</summary>
public static class HoldfastIssuerServiceCollectionExtensions
{
    private const int MaxJwks = 64 * 1024;

    /// <summary>
    /// Registers the issuer with settings from configuration. Unknown settings and values that cannot be read are problems like all others. Map its endpoints with
    /// <see cref="HoldfastIssuerEndpointExtensions.MapHoldfastIssuer"/>. People sign in where <see cref="HoldfastIssuerBuilder.UseSignIn(string)"/> follows.
    /// </summary>
    public static HoldfastIssuerBuilder AddHoldfastIssuer(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddHoldfastIssuer(options => SettingsReader.Read(configuration, options));
    }

    /// <summary>
    /// Registers the issuer. The options are validated at start, all problems together; a signing key or database that cannot be used is an
    /// <see cref="IssuerStartupException"/> at start.
    /// </summary>
    public static HoldfastIssuerBuilder AddHoldfastIssuer(this IServiceCollection services, Action<HoldfastIssuerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<HoldfastIssuerOptions>().Configure(configure).PostConfigure<IServiceProvider>(DefaultNonces).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastIssuerOptions>, HoldfastIssuerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static provider => BuildConfig(provider.GetRequiredService<IOptions<HoldfastIssuerOptions>>().Value));
        services.TryAddSingleton<SnapshotCompiler>();
        services.TryAddSingleton<IssuerRegistry>();
        services.TryAddSingleton<IRegistryRules, IssuerRegistryRules>();
        AddSigningKeys(services);
        services.TryAddSingleton<VerifierClock>();
        services.TryAddSingleton<VerificationReporter>();
        services.AddVerifierGate();
        // FWD-43: certificates come from the server itself, and fields that speak of one from declared proxies alone; a client that needs one can be registered at
        // any time.
        services.AddClientCertificates();
        services.AddHttpClient(HoldfastIssuerDefaults.ClientKeysHttpClient, ConfigureClientKeysClient)
            .ConfigurePrimaryHttpMessageHandler(static provider =>
                ClientKeysConnection.CreateHandler(provider.GetRequiredService<IssuerConfig>().DangerouslyAllowInternalJwksUris));
        services.TryAddSingleton<ClientKeySources>();
        services.TryAddSingleton<ClientAssertionVerifier>();
        services.TryAddSingleton(static provider => new CertificateChains(provider.GetRequiredService<IssuerConfig>().MutualTls, provider.GetRequiredService<VerifierClock>()));
        services.TryAddSingleton<ClientCertificateVerifier>();
        services.TryAddSingleton<IClientSecretHasher, Pbkdf2ClientSecretHasher>();
        services.TryAddSingleton<ClientSecretVerifier>();
        services.TryAddSingleton<IssuerRateLimits>();
        services.TryAddSingleton<ClientAuthenticator>();
        if (services.All(static service => service.ServiceType != typeof(IssuerProofs)))
            services.AddSingleton<IssuerProofs>().AddSingleton<ReplaySelfTestSource>(static provider => () => [provider.GetRequiredService<IssuerProofs>().SelfTest]);
        services.TryAddSingleton<ReplaySelfTests>();
        services.TryAddSingleton<TokenSigner>();
        services.TryAddSingleton<AccessTokenWriter>();
        services.TryAddSingleton<IdTokenWriter>();
        services.TryAddSingleton<IssuerAnswers>();
        services.TryAddSingleton<ClientEndpointServices>();
        services.TryAddSingleton<ClientUses>();
        services.TryAddSingleton<IssuedTokenKeys>();
        services.TryAddSingleton(static provider => ActivatorUtilities.CreateInstance<IssuedTokenReader>(provider, provider.GetRequiredService<IssuedTokenKeys>()));
        services.TryAddSingleton<IntrospectionEndpoint>();
        services.TryAddSingleton<RevocationEndpoint>();
        services.TryAddSingleton<RefreshTokenFactory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenGrant, ClientCredentialsGrant>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenGrant, RefreshTokenGrant>());
        services.TryAddSingleton(static provider => ActivatorUtilities.CreateInstance<TokenEndpoint>(provider, provider.GetRequiredService<IssuerProofs>().Verifier));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IssuerStartup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, IssuerKeyService>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ClientUseWriter>());
        return new HoldfastIssuerBuilder(services);
    }

    private static void AddSigningKeys(IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(IssuerKeyLife)))
            return;
        services.AddSingleton<PrivateKeyVault>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<NewKeys>();
        services.AddSingleton<IssuerKeyRings>();
        services.AddSingleton<IssuerKeyPlan>();
        services.AddSingleton<IssuerKeyLife>();
        services.AddSingleton<EarlierKeyFile>();
        services.AddSingleton<IssuerKeyAdmin>();
        services.AddSingleton<IIssuerKeyAdmin>(static provider => provider.GetRequiredService<IssuerKeyAdmin>());
        services.AddHealthChecks().Add(new("holdfast_issuer_keys", static provider => ActivatorUtilities.CreateInstance<IssuerKeyHealthCheck>(provider), null, ["ready"]));
    }

    // Asked for by its kind and not made: it may have options of its own that are wrong, which is said once.
    private static void DefaultNonces(HoldfastIssuerOptions options, IServiceProvider provider)
    {
        if (provider.GetService<IServiceProviderIsService>()?.IsService(typeof(ISharedReplayStore)) == true)
            options.NonceMode ??= NonceMode.OnDemand;
    }

    // MTLS-16: an answer of bounded size, in bounded time.
    private static void ConfigureClientKeysClient(HttpClient client)
    {
        client.Timeout = TimeSpan.FromSeconds(5);
        client.MaxResponseContentBufferSize = MaxJwks;
        client.DefaultRequestHeaders.Add("Accept", "application/jwk-set+json, application/json");
    }

    private static IssuerConfig BuildConfig(HoldfastIssuerOptions options) =>
        IssuerConfigBuilder.TryBuild(options, out IReadOnlyList<string> problems)
        // A key file that was there when the options were validated, a moment ago, and is gone now.
        ?? throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(HoldfastIssuerOptions), problems);
}
