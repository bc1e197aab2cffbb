using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.Issuer.Tests;

/// <summary>How people sign in at a host: whoever the field says is signed in, since when; the sign-in page is elsewhere.</summary>
public sealed class PersonScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "Person";
    public const string UserField = "Test-User";
    public const string SinceField = "Test-Since";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[UserField].ToString() is not { Length: > 0 } user)
            return Task.FromResult(AuthenticateResult.NoResult());
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, user), new(ClaimTypes.Name, $"The person {user}")], Name);
        var since = DateTimeOffset.FromUnixTimeSeconds(long.Parse(Request.Headers[SinceField].ToString(), CultureInfo.InvariantCulture));
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), new AuthenticationProperties { IssuedUtc = since }, Name)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Redirect($"/sign-in?prompt={properties.GetParameter<string>("prompt")}&return={Uri.EscapeDataString(properties.RedirectUri!)}");
        return Task.CompletedTask;
    }
}
