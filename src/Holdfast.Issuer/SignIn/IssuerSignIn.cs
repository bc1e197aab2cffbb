using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>Asks the host who is signed in, and has people signed in.</summary>
internal sealed class IssuerSignIn(IssuerSignInOptions options, TimeProvider timeProvider)
{
    /// <summary>Who is signed in; null: nobody.</summary>
    public async ValueTask<SignedInPerson?> FindAsync(HttpContext context)
    {
        AuthenticateResult result = await context.AuthenticateAsync(options.Scheme);
        if (result is not { Succeeded: true, Principal.Identity.IsAuthenticated: true })
            return null;
        string? Find(string type) => result.Principal.FindFirst(type)?.Value;
        string subject = options.SubjectClaim is { } claim ? Find(claim) ?? "" : Find(ClaimTypes.NameIdentifier) ?? Find("sub") ?? "";
        string name = result.Principal.Identity.Name ?? Find("preferred_username") ?? Find("name") ?? subject;
        return new(subject, name, AuthenticatedAt(Find("auth_time"), result.Properties?.IssuedUtc));
    }

    /// <summary>Has the person signed in, and sent back to <paramref name="returnUrl"/>.</summary>
    public Task ChallengeAsync(HttpContext context, string returnUrl, AuthorizationPrompt prompt)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnUrl };
        // Read by OpenID Connect handlers, so that an identity provider behind the host asks again, too.
        if (prompt.HasFlag(AuthorizationPrompt.Login))
            properties.SetParameter("prompt", "login");
        else if (prompt.HasFlag(AuthorizationPrompt.SelectAccount))
            properties.SetParameter("prompt", "select_account");
        return context.ChallengeAsync(options.ChallengeScheme ?? options.Scheme, properties);
    }

    /// <summary>What prevents sign-in; null: nothing.</summary>
    public async Task<string?> FindProblemAsync(IAuthenticationSchemeProvider schemes)
    {
        if (options.Scheme is null && await schemes.GetDefaultAuthenticateSchemeAsync() is null)
            return "UseSignIn: the host has no default authentication scheme; name the one by which people sign in.";
        foreach (string scheme in new[] { options.Scheme, options.ChallengeScheme }.OfType<string>())
        {
            if (await schemes.GetSchemeAsync(scheme) is null)
                return $"UseSignIn: the host has no authentication scheme '{scheme}'; add it with AddAuthentication.";
        }
        return null;
    }

    // A ticket that is renewed while it is used is issued anew without a sign-in: whoever lets cookies slide had better add auth_time when people sign in.
    private DateTimeOffset AuthenticatedAt(string? claim, DateTimeOffset? issued) =>
        long.TryParse(claim, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= timeProvider.GetUtcNow().ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : claim is null && issued is { } at ? at : DateTimeOffset.UnixEpoch;
}
