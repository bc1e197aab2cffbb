using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Testing.Vectors;

/// <summary>One file of <c>vectors/</c>. An unknown member fails the run.</summary>
public sealed record TestVector
{
    public required string Id { get; init; }
    public required IReadOnlyList<string> Spec { get; init; }
    public required string Description { get; init; }
    public required long Now { get; init; }
    public required VectorRequest Request { get; init; }
    public required VectorPolicy Policy { get; init; }
    public required string Expect { get; init; }
    public string? Answer { get; init; }
    public int? Status { get; init; }

    /// <summary>What the vector expects of a door.</summary>
    [JsonIgnore]
    public VectorOutcome Outcome => new(Expect, Answer, Status);

    /// <summary><c>folder/id</c>.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public static TestVector Parse(string name, ReadOnlySpan<byte> json) =>
        (JsonSerializer.Deserialize<TestVector>(json, Options) ?? throw new JsonException($"{name} is null.")) with { Name = name };

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
    };
}

public sealed record VectorRequest
{
    public required string Method { get; init; }
    public required string Url { get; init; }
    public required IReadOnlyList<IReadOnlyList<string>> Headers { get; init; }

    /// <summary>The client certificate of the connection: base64 of its DER octets.</summary>
    public string? Certificate { get; init; }

    /// <summary>The lines of a field, in order.</summary>
    public FieldLines Field(string name) =>
        Headers.Where(line => line[0].Equals(name, StringComparison.OrdinalIgnoreCase)).Select(line => line[1]).ToArray();

    /// <summary>Scheme and authority as they are written.</summary>
    public string Origin => Url[..PathStart];

    /// <summary>The authority alone.</summary>
    public string Authority => Origin[(Origin.IndexOf("://", StringComparison.Ordinal) + 3)..];

    /// <summary>Path and query as they are written.</summary>
    public string RawTarget => Url[PathStart..];

    private int PathStart => Url.IndexOf('/', Url.IndexOf("://", StringComparison.Ordinal) + 3) is var at and >= 0 ? at : Url.Length;
}

public sealed record VectorPolicy
{
    public required string Role { get; init; }
    public string Mode { get; init; } = "require";
    public required string NonceMode { get; init; }
    public string? NonceKey { get; init; }
    public IReadOnlyList<string>? Algorithms { get; init; }
    public string? Issuer { get; init; }
    public string? Audience { get; init; }
    public JsonElement? IssuerKeys { get; init; }
    public VectorToken? Token { get; init; }
    public IReadOnlyList<string>? Origins { get; init; }
    public string ReplayStore { get; init; } = "memory";
    public VectorForwardedCertificate? ForwardedCertificate { get; init; }
    public string Peer { get; init; } = "trusted";
    public IReadOnlyList<VectorPrevious>? Previous { get; init; }

    /// <summary>Whether the requests come from the proxy whose fields are declared; true of all where none are.</summary>
    [JsonIgnore]
    public bool IsPeerTrusted => Peer switch
    {
        "trusted" => true,
        "untrusted" => false,
        _ => throw new JsonException($"peer {Peer}"),
    };

    [JsonIgnore]
    public bool IsTokenEndpoint => Role switch
    {
        "authorization-server" => true,
        "resource-server" => false,
        _ => throw new JsonException($"role {Role}"),
    };

    [JsonIgnore]
    public SenderConstraintMode ConstraintMode => Mode switch
    {
        "require" => SenderConstraintMode.Require,
        "observe" => SenderConstraintMode.Observe,
        _ => throw new JsonException($"mode {Mode}"),
    };

    [JsonIgnore]
    public NonceMode Nonces => NonceMode switch
    {
        "off" => Holdfast.NonceMode.Off,
        "on-demand" => Holdfast.NonceMode.OnDemand,
        "always" => Holdfast.NonceMode.Always,
        _ => throw new JsonException($"nonceMode {NonceMode}"),
    };
}

/// <summary>What an opaque token was verified to be.</summary>
public sealed record VectorToken
{
    public required string Jkt { get; init; }
}

/// <summary>How the proxy before the server hands its client's certificate on.</summary>
public sealed record VectorForwardedCertificate
{
    public required string Format { get; init; }
    public string? Field { get; init; }
    public int Hops { get; init; } = 1;

    [JsonIgnore]
    public ForwardedCertificateConfig Config => new()
    {
        Format = ForwardedCertificateFormats.TryParse(Format, out ForwardedCertificateFormat format) ? format : throw new JsonException($"format {Format}"),
        Field = Field,
        XfccHops = Hops,
    };
}

/// <summary>What a door made of a request: the failure recorded, or <c>accepted</c>; the error code and the status of the answer.</summary>
public readonly record struct VectorOutcome(string Expect, string? Answer, int? Status)
{
    public static readonly VectorOutcome Accepted = new("accepted", null, null);
}

/// <summary>A request that came before.</summary>
public sealed record VectorPrevious
{
    public required long Now { get; init; }
    public required VectorRequest Request { get; init; }
    public required string Expect { get; init; }
}
