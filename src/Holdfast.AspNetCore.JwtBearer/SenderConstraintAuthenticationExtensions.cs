using Holdfast;
using Holdfast.AspNetCore;
using Holdfast.AspNetCore.JwtBearer;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the sender constraint to a JWT bearer scheme that is there.</summary>
public static class SenderConstraintAuthenticationExtensions
{
    /// <summary>Constrains the scheme <c>Bearer</c>.</summary>
    public static AuthenticationBuilder AddSenderConstraint(this AuthenticationBuilder builder, Action<SenderConstraintOptions>? configure = null) =>
        builder.AddSenderConstraint(JwtBearerDefaults.AuthenticationScheme, configure);

    /// <summary>
    /// Constrains a scheme that was added with <c>AddJwtBearer</c>. Its set-up, events and issuer stay as they are; besides, a token with a binding
    /// (RFC 9449 §6, RFC 8705 §3) is accepted only from the caller it was issued to, and one without as the mode says. Call it after whatever
    /// else configures the scheme. Problems are an <see cref="OptionsValidationException"/> when the host starts, all of them together. A replay
    /// store or <see cref="IDPoPNonces"/> of the application are used as with <c>AddHoldfast</c>. Calling it again adds to the same options.
    /// </summary>
    public static AuthenticationBuilder AddSenderConstraint(this AuthenticationBuilder builder, string authenticationScheme, Action<SenderConstraintOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(authenticationScheme);
        IServiceCollection services = builder.Services;
        if (configure is not null)
            services.Configure(authenticationScheme, configure);
        if (services.Any(service => service.ServiceType == typeof(HoldfastSchemes) && ((HoldfastSchemes)service.ImplementationInstance!).Foreign.Contains(authenticationScheme)))
            return builder;

        HoldfastAuthenticationExtensions.AddVerifier(services, authenticationScheme).Foreign.Add(authenticationScheme);
        // Until a token was validated there is none.
        services.AddKeyedSingleton<IAccessTokenVerifier>(authenticationScheme, HandedOverToken.None);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<HoldfastOptions>, ResourceOptions>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, ConstrainedBearer>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<HoldfastOptions>, ConstrainedSchemeValidator>());
        services.AddOptions<HoldfastOptions>(authenticationScheme).ValidateOnStart();
        return builder;
    }
}
