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
                Signals = target.Signals is null ? null : Path.Combine(directory, target.Signals),
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

    private static void RequireHttpUrl(string path, string member, string value)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new DrillFailedException($"{path}: {member} is not an http or https URL");
    }
}
