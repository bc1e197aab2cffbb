namespace Holdfast;

/// <summary>The formats by the names that configurations use, and the fields that they read.</summary>
public static class ForwardedCertificateFormats
{
    private static readonly (ForwardedCertificateFormat Format, string Name)[] Names =
    [
        (ForwardedCertificateFormat.Rfc9440, "rfc9440"), (ForwardedCertificateFormat.Nginx, "nginx"), (ForwardedCertificateFormat.EnvoyXfcc, "envoy-xfcc"),
        (ForwardedCertificateFormat.HAProxy, "haproxy"), (ForwardedCertificateFormat.Apache, "apache"), (ForwardedCertificateFormat.Traefik, "traefik"),
        (ForwardedCertificateFormat.Caddy, "caddy"), (ForwardedCertificateFormat.AwsAlb, "aws-alb"), (ForwardedCertificateFormat.AzureArr, "azure-arr"),
    ];

    /// <summary>Every format, without <see cref="ForwardedCertificateFormat.Unspecified"/>.</summary>
    public static IReadOnlyList<ForwardedCertificateFormat> All { get; } = [.. Names.Select(known => known.Format)];

    /// <summary>
    /// Every field that any format reads by default: what is removed from a request whose sender is not trusted, in all its spellings
    /// (FWD-20, FWD-21), and from a trusted one as far as the declared format does not read it.
    /// </summary>
    public static IReadOnlyList<string> AllFields { get; } =
    [
        ForwardedFields.ClientCert, ForwardedFields.ClientCertChain, ForwardedFields.Certificate, ForwardedFields.Verify, ForwardedFields.Used,
        ForwardedFields.Chain, ForwardedFields.Xfcc, ForwardedFields.Traefik, ForwardedFields.AwsAlb, ForwardedFields.AwsAlbLeaf, ForwardedFields.AzureArr,
    ];

    /// <summary>The name of a format, such as <c>envoy-xfcc</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not one of <see cref="All"/>.</exception>
    public static string NameOf(ForwardedCertificateFormat format) =>
        Array.Find(Names, known => known.Format == format).Name ?? throw new ArgumentOutOfRangeException(nameof(format), format, "No format.");

    /// <summary>Reads a name exactly; false, and <see cref="ForwardedCertificateFormat.Unspecified"/>, where there is no such format.</summary>
    public static bool TryParse(string? name, out ForwardedCertificateFormat format)
    {
        format = Array.Find(Names, known => string.Equals(known.Name, name, StringComparison.Ordinal)).Format;
        return format != ForwardedCertificateFormat.Unspecified;
    }
}
