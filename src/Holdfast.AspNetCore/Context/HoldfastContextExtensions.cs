using Holdfast;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the scheme of an upstream behind a guard.</summary>
public static class HoldfastContextExtensions
{
    /// <summary>Adds the scheme under its usual name. The only scheme of an application is also its default.</summary>
    public static AuthenticationBuilder AddHoldfastContext(this AuthenticationBuilder builder, Action<HoldfastContextOptions> configure) =>
        builder.AddHoldfastContext(HoldfastDefaults.ContextScheme, configure);

    /// <summary>
    /// Adds the scheme under a name of its own: requests are authenticated by the <c>Holdfast-Context</c> that the guard signed for them, once. Problems in the
    /// options are an <see cref="OptionsValidationException"/> when the host starts, all of them together. Used contexts are kept in memory, or in an
    /// <see cref="IReplayStore"/> registered under the scheme's name.
    /// </summary>
    public static AuthenticationBuilder AddHoldfastContext(this AuthenticationBuilder builder, string authenticationScheme, Action<HoldfastContextOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authenticationScheme);
        ArgumentNullException.ThrowIfNull(configure);
        IServiceCollection services = builder.Services;
        services.AddOriginalRequest();
        services.TryAddSingleton<VerifierClock>();
        services.TryAddSingleton<ContextVerifiers>();
        services.AddVerifierGate();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastContextOptions>, HoldfastContextOptionsValidator>());
        services.AddHttpClient(HoldfastDefaults.GuardHttpClient, IssuerClient.Configure).ConfigurePrimaryHttpMessageHandler(IssuerClient.CreateHandler);
        services.AddOptions<HoldfastContextOptions>(authenticationScheme).ValidateOnStart();
        return builder.AddScheme<HoldfastContextOptions, HoldfastContextHandler>(authenticationScheme, configure);
    }
}
