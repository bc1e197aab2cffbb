using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Conformance;

/// <summary>What a drill attacks, and as whom: the members of <c>up.json</c> that it needs. Others are ignored.</summary>
public sealed record DrillTarget
{
    /// <summary>The issuer identifier (RFC 8414 §2).</summary>
    public required string Issuer { get; init; }

    /// <summary>The base URL of the API, which has <c>/orders</c> and <c>/orders/{id}</c> below it.</summary>
    public required string Resource { get; init; }

    /// <summary>The audience of the API's tokens.</summary>
    public required string Audience { get; init; }

    /// <summary>The scope to ask for; null or empty to leave it to the issuer.</summary>
    public string? Scope { get; init; }

    /// <summary>The client that is robbed.</summary>
    public required string ClientId { get; init; }

    /// <summary>The path of its private key.</summary>
    public required string ClientKeyPem { get; init; }

    /// <summary>The path of the file of signals, one JSON object a line; null where there is none to look at.</summary>
    public string? Signals { get; init; }

    /// <summary>The path of the certificates of authorities, in PEM, whose servers are trusted beside those of the system; null for none.</summary>
    public string? CaPem { get; init; }

    /// <summary>The base URL of the same API for clients with certificates, https. Null, like the next three, leaves the attacks on
    /// certificate-bound tokens out. It has the same <see cref="Audience"/>.</summary>
    public string? MtlsResource { get; init; }

    /// <summary>The client that authenticates by certificate and is robbed too.</summary>
    public string? MtlsClientId { get; init; }

    /// <summary>The path of its certificate.</summary>
    public string? MtlsCertificatePem { get; init; }

    /// <summary>The path of that certificate's private key.</summary>
    public string? MtlsKeyPem { get; init; }

    /// <summary>The path of a certificate that the same authority issued to somebody else, for the thief who is an insider; null for none.</summary>
    public string? NeighbourCertificatePem { get; init; }

    /// <summary>The path of its private key.</summary>
    public string? NeighbourKeyPem { get; init; }

    /// <summary>Reads <c>up.json</c>. Relative paths in it start at its own directory.</summary>
    /// <exception cref="DrillFailedException">The file cannot be read, or is not what it should be.</exception>
    public static DrillTarget Read(string path)
    {
        try
        {
            var target = JsonSerializer.Deserialize(File.ReadAllBytes(path), DrillJson.Default.DrillTarget)
                ?? throw new DrillFailedException($"{path} holds no target");
            var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
            RequireHttpUrl(path, "issuer", target.Issuer);
            RequireHttpUrl(path, "resource", target.Resource);
            return target with
            {
                ClientKeyPem = Path.Combine(directory, target.ClientKeyPem),
                Signals = At(directory, target.Signals),
                CaPem = At(directory, target.CaPem),
                MtlsCertificatePem = At(directory, target.MtlsCertificatePem),
                MtlsKeyPem = At(directory, target.MtlsKeyPem),
                NeighbourCertificatePem = At(directory, target.NeighbourCertificatePem),
                NeighbourKeyPem = At(directory, target.NeighbourKeyPem),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DrillFailedException($"{path} cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Scheme, host and port of the API.</summary>
    [JsonIgnore]
    internal string Origin => new Uri(Resource).GetLeftPart(UriPartial.Authority);

    /// <summary>The path of the base URL, without a slash at its end.</summary>
    [JsonIgnore]
    internal string BasePath => new Uri(Resource).AbsolutePath.TrimEnd('/');

    /// <summary>Scheme, host and port of the API for clients with certificates; null where there is none.</summary>
    [JsonIgnore]
    internal string? MtlsOrigin => MtlsResource is null ? null : new Uri(MtlsResource).GetLeftPart(UriPartial.Authority);

    /// <summary>True where a client with a certificate can be robbed.</summary>
    /// <exception cref="DrillFailedException">Some of what that needs is there, and some is not.</exception>
    [JsonIgnore]
    internal bool HasCertificates
    {
        get
        {
            (string Name, string? Value)[] needed =
            [
                ("mtls_resource", MtlsResource), ("mtls_client_id", MtlsClientId), ("mtls_certificate_pem", MtlsCertificatePem), ("mtls_key_pem", MtlsKeyPem),
            ];
            var missing = needed.Where(member => member.Value is null).Select(member => member.Name).ToArray();
            if (missing.Length is > 0 and < 4)
                throw new DrillFailedException($"the target names a client with a certificate by half: {string.Join(", ", missing)} is missing");
            // Over anything else there is no client certificate.
            if (MtlsResource is not null && !MtlsResource.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
                throw new DrillFailedException($"mtls_resource '{MtlsResource}' is not an https URL");
            return missing.Length == 0;
        }
    }

    private static string? At(string directory, string? path) => path is null ? null : Path.Combine(directory, path);

    private static void RequireHttpUrl(string path, string member, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new DrillFailedException($"{path}: {member} is not an http or https URL");
    }
}
