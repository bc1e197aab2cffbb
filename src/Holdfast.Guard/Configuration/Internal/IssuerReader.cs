using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>Reads an entry of <c>issuers</c>.</summary>
internal static class IssuerReader
{
    public static GuardIssuer Read(YamlMap map)
    {
        string issuer = map.RequiredText("issuer", "set it to the authorization server's issuer, such as https://login.example.com");
        var read = new GuardIssuer
        {
            Issuer = issuer,
            DangerouslyAllowHttp = map.Flag("dangerously_allow_http"),
            TokenAlgorithms = Algorithms.Read(map, "token_algorithms", JwtAccessTokenPolicy.DefaultAlgorithms, JwtAccessTokenPolicy.ImplementedAlgorithms),
            ClockSkew = map.Time("clock_skew", TimeSpan.FromSeconds(10), TimeSpan.Zero, TimeSpan.FromMinutes(5)),
            KeyRefresh = map.Time("key_refresh", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)),
            UnknownKeyRefresh = map.Time("unknown_key_refresh", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        };
        // AT-50, RFC 8414 §2: the issuer is an https URL without query and fragment.
        if (issuer.Length > 0 && (!Uri.TryCreate(issuer, UriKind.Absolute, out Uri? uri) || uri.UserInfo.Length > 0 || issuer.AsSpan().ContainsAny('?', '#')))
            map.Problem("issuer", $"'{issuer}' is not an absolute URL without user, query and fragment.");
        else if (issuer.Length > 0 && !HttpsRule.Allows(new Uri(issuer), read.DangerouslyAllowHttp))
            map.Problem("issuer", $"'{issuer}' is not https; http is accepted on loopback, elsewhere only with dangerously_allow_http.");
        map.Close();
        return read;
    }
}
