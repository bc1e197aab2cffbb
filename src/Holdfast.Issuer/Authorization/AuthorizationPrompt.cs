namespace Holdfast.Issuer;

/// <summary>The values of <c>prompt</c> (OpenID Connect Core §3.1.2.1).</summary>
[Flags]
internal enum AuthorizationPrompt
{
    /// <summary>Nothing was said.</summary>
    Unsaid = 0,

    /// <summary>Neither sign-in nor consent may be shown.</summary>
    None = 1,

    /// <summary>Sign in again.</summary>
    Login = 2,

    /// <summary>Ask for consent again.</summary>
    Consent = 4,

    /// <summary>Choose an account.</summary>
    SelectAccount = 8,
}
