using System.Globalization;

namespace Holdfast.Issuer;

/// <summary>The claims of a verified token of ours, as they were written.</summary>
internal static class IssuedTokenClaims
{
    extension(AccessToken token)
    {
        /// <summary>Its <c>aud</c>, which is one resource.</summary>
        public string? Audience => token.Claim("aud");

        /// <summary>Its <c>scope</c>, in one text.</summary>
        public string? Scope => token.Claims.Where(claim => claim.Type == "scope").Select(claim => claim.Value).ToArray() is { Length: > 0 } scopes ? string.Join(' ', scopes) : null;

        /// <summary>Its <c>iat</c>.</summary>
        public DateTimeOffset? IssuedAt => token.Time("iat");

        /// <summary>Its <c>exp</c>, without leeway.</summary>
        public DateTimeOffset? Expiry => token.Time("exp");

        private string? Claim(string name) => token.Claims.FirstOrDefault(claim => claim.Type == name)?.Value;

        private DateTimeOffset? Time(string name) =>
            long.TryParse(token.Claim(name), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }
}
