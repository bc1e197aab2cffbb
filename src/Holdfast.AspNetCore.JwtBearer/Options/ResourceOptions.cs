using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>Makes of a scheme's constraint, and of what its bearer set-up says of itself, the options of a resource.</summary>
internal sealed class ResourceOptions(
    HoldfastSchemes schemes, IOptionsMonitor<SenderConstraintOptions> constraints, IOptionsMonitor<JwtBearerOptions> bearers) : IConfigureNamedOptions<HoldfastOptions>
{
    public void Configure(string? name, HoldfastOptions options)
    {
        if (name is null || !schemes.Foreign.Contains(name))
            return;
        SenderConstraintOptions constraint = constraints.Get(name);
        JwtBearerOptions bearer = bearers.Get(name);
        string[] audiences = AudiencesOf(bearer);
        // For people to read: the bearer scheme itself judges issuer and audience.
        options.Issuer = bearer.Authority ?? bearer.TokenValidationParameters.ValidIssuer ?? $"scheme {name}";
        options.Audience = OriginOf(audiences) ?? name;
        options.ResourceName = constraint.ResourceName ?? audiences.FirstOrDefault() ?? name;
        options.Mode = constraint.Mode;
        options.Exemptions = constraint.Exemptions;
        options.Algorithms = constraint.Algorithms;
        options.NonceMode = constraint.NonceMode;
        options.SingleInstance = constraint.SingleInstance;
        options.Replicas = constraint.Replicas;
        options.PublicOrigins = constraint.PublicOrigins;
        options.UseForwardedHeaders = constraint.UseForwardedHeaders;
        options.UseClientCertificates = constraint.UseClientCertificates;
        options.ReplayCapacity = constraint.ReplayCapacity;
        options.ReplayQuotaPerKey = constraint.ReplayQuotaPerKey;
        options.DangerouslyAllowHttp = constraint.DangerouslyAllowHttp;
    }

    public void Configure(HoldfastOptions options) => Configure(Microsoft.Extensions.Options.Options.DefaultName, options);

    private static string[] AudiencesOf(JwtBearerOptions bearer) =>
        [.. new[] { bearer.Audience, bearer.TokenValidationParameters.ValidAudience }.Concat(bearer.TokenValidationParameters.ValidAudiences ?? [])
            .OfType<string>().Where(audience => audience.Length > 0).Distinct(StringComparer.Ordinal)];

    // DPOP-V-21: the origin of the audience, where there is just one; of several one would be a guess.
    private static string? OriginOf(string[] audiences)
    {
        string[] origins = [.. audiences.Select(audience => PublicOrigin.TrySplit(audience, out string origin, out _) ? origin : null).OfType<string>().Distinct(StringComparer.Ordinal)];
        return origins is [string origin] ? origin : null;
    }
}
