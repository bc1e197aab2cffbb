using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Holdfast.Issuer;

/// <summary>What can be added to an issuer.</summary>
public sealed class HoldfastIssuerBuilder
{
    internal HoldfastIssuerBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>
    /// Lets people sign in by an authentication scheme of the host, and with that turns on the authorization endpoint, pushed authorization requests and
    /// <c>authorization_code</c> (RFC 6749 §4.1, RFC 9126). A scheme that does not exist is an <see cref="IssuerStartupException"/> at start.
    /// </summary>
    /// <param name="scheme">The scheme, such as <c>Cookies</c>.</param>
    public HoldfastIssuerBuilder UseSignIn(string scheme)
    {
        ArgumentException.ThrowIfNullOrEmpty(scheme);
        return UseSignIn(options => options.Scheme = scheme);
    }

    /// <inheritdoc cref="UseSignIn(string)"/>
    /// <param name="configure">Sets how.</param>
    public HoldfastIssuerBuilder UseSignIn(Action<IssuerSignInOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new IssuerSignInOptions();
        configure(options);
        Services.AddDataProtection();
        Services.TryAddSingleton(provider => new IssuerSignIn(options, provider.GetRequiredService<TimeProvider>()));
        Services.TryAddSingleton<AuthorizationTickets>();
        Services.TryAddSingleton<AuthorizationDecider>();
        Services.TryAddSingleton<AuthorizationAnswers>();
        Services.TryAddSingleton<AuthorizationEndpoint>();
        Services.TryAddSingleton(static provider => ActivatorUtilities.CreateInstance<PushedAuthorizationEndpoint>(provider, provider.GetRequiredService<IssuerProofs>().Verifier));
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<ITokenGrant, AuthorizationCodeGrant>());
        Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SignInStartup>());
        return this;
    }

    /// <summary>Makes everything that sign-in needs before the server listens.</summary>
    internal sealed class SignInStartup(IssuerSignIn signIn, IServiceProvider services) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            string? problem = services.GetService<IAuthenticationSchemeProvider>() is { } schemes
                ? await signIn.FindProblemAsync(schemes)
                : "UseSignIn: the host has no authentication; call AddAuthentication, and add the scheme by which people sign in.";
            if (problem is not null)
                throw new IssuerStartupException(problem);
            services.GetRequiredService<AuthorizationEndpoint>();
            services.GetRequiredService<PushedAuthorizationEndpoint>();
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
