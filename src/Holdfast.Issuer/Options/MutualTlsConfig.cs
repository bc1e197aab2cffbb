using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Issuer;

/// <summary>What the issuer does with client certificates: immutable, made once from validated options.</summary>
internal sealed record MutualTlsConfig
{
    private const string BasicConstraints = "2.5.29.19";

    /// <summary>The base of all endpoints below the alias, without a trailing slash; null where there is none.</summary>
    public required string? BaseUrl { get; init; }
    /// <summary>The token endpoint below the alias, or null where there is none.</summary>
    public required string? TokenEndpoint { get; init; }
    /// <summary>The same, to be compared with <c>htu</c>.</summary>
    public required HttpTarget? TokenTarget { get; init; }
    /// <summary>The path of the alias without a trailing slash.</summary>
    public required string Path { get; init; }
    public required IReadOnlyList<X509Certificate2> Anchors { get; init; }
    public required IReadOnlyList<X509Certificate2> Intermediates { get; init; }
    public required X509RevocationMode RevocationCheck { get; init; }

    /// <summary>The configuration, and every problem that makes it worthless.</summary>
    public static MutualTlsConfig Build(HoldfastIssuerOptions issuer, List<string> problems)
    {
        IssuerMutualTlsOptions options = issuer.MutualTls;
        string? endpoint = CheckAlias(issuer, problems, out string path, out HttpTarget? target);
        if (!Enum.IsDefined(options.RevocationCheck))
            problems.Add($"MutualTls:RevocationCheck: '{options.RevocationCheck}' is not one of NoCheck, Online, Offline.");
        return new MutualTlsConfig
        {
            BaseUrl = endpoint?[..^IssuerPaths.Token.Length],
            TokenEndpoint = endpoint,
            TokenTarget = target,
            Path = path,
            Anchors = [.. ReadTexts(options.TrustedCertificateAuthorities, "MutualTls:TrustedCertificateAuthorities", CheckAnchor, problems),
                .. ReadFiles(options.TrustedCertificateAuthorityFiles, "MutualTls:TrustedCertificateAuthorityFiles", CheckAnchor, problems)],
            Intermediates = [.. ReadFiles(options.IntermediateCertificateFiles, "MutualTls:IntermediateCertificateFiles", CheckAuthority, problems)],
            RevocationCheck = options.RevocationCheck,
        };
    }

    // MTLS-34, MTLS-38, RFC 8705 §5: another address than the issuer's own; a listener that asks everybody for a certificate disturbs browsers.
    private static string? CheckAlias(HoldfastIssuerOptions issuer, List<string> problems, out string path, out HttpTarget? target)
    {
        const string Setting = "MutualTls:EndpointAlias";
        (path, target) = ("", null);
        int before = problems.Count;
        if (issuer.MutualTls.EndpointAlias is not { } text || Issuer.BaseUrl.Check(Setting, text, "RFC 8705 §5", problems, out path) is not { } uri)
            return null;
        if (uri.Scheme != Uri.UriSchemeHttps)
            problems.Add($"{Setting}: '{text}' is plain http, where no certificate can be presented.");
        if (Uri.TryCreate(issuer.Issuer, UriKind.Absolute, out Uri? own) && Uri.Compare(uri, own, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0)
            problems.Add($"{Setting}: '{text}' has the issuer's own host and port; give the listener that asks for certificates another one.");
        string endpoint = text.TrimEnd('/') + IssuerPaths.Token;
        if (HttpTarget.TryParse(endpoint, out HttpTarget parsed))
            target = parsed;
        else if (problems.Count == before)
            problems.Add($"{Setting}: '{text}' is not a URL that a proof can name.");
        return endpoint;
    }

    private static IEnumerable<X509Certificate2> ReadTexts(IList<string> texts, string setting, Func<X509Certificate2, string?> check, List<string> problems) =>
        texts.SelectMany((text, i) => Read(text, FormattableString.Invariant($"{setting}:{i}"), check, problems));

    private static IEnumerable<X509Certificate2> ReadFiles(IList<string> files, string setting, Func<X509Certificate2, string?> check, List<string> problems)
    {
        foreach (string file in files)
        {
            string text;
            try
            {
                text = File.ReadAllText(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                problems.Add($"{setting}: '{file}' cannot be read: {e.Message}");
                continue;
            }
            foreach (X509Certificate2 certificate in Read(text, $"{setting}: '{file}'", check, problems))
                yield return certificate;
        }
    }

    private static X509Certificate2Collection Read(string pem, string setting, Func<X509Certificate2, string?> check, List<string> problems)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
            if (certificates.Count == 0)
                problems.Add($"{setting}: holds no certificate in PEM.");
            problems.AddRange(certificates.Select(check).OfType<string>().Select(problem => $"{setting}: {problem}"));
        }
        catch (CryptographicException e)
        {
            problems.Add($"{setting}: holds a broken certificate: {e.Message}");
        }
        return certificates;
    }

    // MTLS-17, RFC 8705 §7.4: an anchor is a root. The platform would not end a chain at another certificate, and trust in one must not depend on it.
    private static string? CheckAnchor(X509Certificate2 certificate) =>
        CheckAuthority(certificate) ?? (certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData)
            ? null
            : $"'{certificate.Subject}' is not a root; trust its root, and name it among IntermediateCertificateFiles.");

    // MTLS-44, RFC 5280 §4.2.1.9: an authority says that it is one.
    private static string? CheckAuthority(X509Certificate2 certificate) =>
        certificate.Extensions[BasicConstraints] is X509BasicConstraintsExtension { CertificateAuthority: true }
            ? null
            : $"'{certificate.Subject}' is no certificate authority (basic constraints).";
}
