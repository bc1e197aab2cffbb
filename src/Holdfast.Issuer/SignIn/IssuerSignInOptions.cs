namespace Holdfast.Issuer;

/// <summary>How people sign in: by the host's own ASP.NET Core authentication. The issuer keeps no password and no session.</summary>
public sealed class IssuerSignInOptions
{
    /// <summary>The scheme that tells who is signed in, a cookie mostly; unset: the host's default scheme.</summary>
    public string? Scheme { get; set; }

    /// <summary>The scheme that signs people in, where it is another one, such as OpenID Connect to an identity provider; unset: <see cref="Scheme"/>.</summary>
    public string? ChallengeScheme { get; set; }

    /// <summary>
    /// The claim that names a person for good; it becomes the <c>sub</c> of tokens: 1 to 255 characters, and never an identifier of a client (AT-13). Unset:
    /// <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>, and where there is none <c>sub</c>.
    /// </summary>
    public string? SubjectClaim { get; set; }
}
