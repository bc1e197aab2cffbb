using System.Text.Json;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>Reads the vectors' format (<c>now</c>, <c>request</c>, <c>policy</c>) or a plain <c>method</c>, <c>url</c>, <c>headers</c>.</summary>
internal static class JsonCapture
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    public static ExplainCase Parse(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("request", out JsonElement request))
                return new ExplainCase { Request = Request(root), Time = Time(root), TimeSource = "now in the JSON" };
            ExplainPolicy policy = root.TryGetProperty("policy", out JsonElement said) ? Policy(said) : new ExplainPolicy();
            return new ExplainCase
            {
                Request = Request(request),
                Time = Time(root),
                TimeSource = "now in the JSON",
                Policy = policy,
                Previous = said.ValueKind == JsonValueKind.Object && said.TryGetProperty("previous", out JsonElement previous)
                    ? [.. previous.EnumerateArray().Select(one => (Time(one) ?? throw Wrong("previous: now is missing"), Request(one.GetProperty("request"))))]
                    : [],
            };
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException or FormatException)
        {
            throw new CliException($"The JSON is not a capture ({failure.Message.TrimEnd('.')}); it needs method, url and headers.", failure);
        }
    }

    private static CapturedRequest Request(JsonElement json)
    {
        string url = Text(json, "url") ?? throw Wrong("url is missing");
        (string? origin, string rawTarget) = url.StartsWith('/') ? (null, url) : CapturedRequest.SplitUrl(url) ?? throw Wrong("url is neither absolute nor a path");
        return new CapturedRequest
        {
            Method = Text(json, "method") ?? throw Wrong("method is missing"),
            RawTarget = rawTarget,
            Origin = origin,
            Fields = json.TryGetProperty("headers", out JsonElement headers) ? [.. Fields(headers)] : [],
            Certificate = Text(json, "certificate") is { } certificate ? Certificate(certificate) : null,
            Body = Text(json, "body") ?? "",
        };
    }

    private static ClientCertificate Certificate(string base64) =>
        ClientCertificate.TryRead(Convert.FromBase64String(base64)) ?? throw Wrong("certificate is not the base64 of a DER certificate");

    // [["DPoP", "…"], …], or {"DPoP": "…", "X": ["…", "…"]}.
    private static IEnumerable<(string Name, string Value)> Fields(JsonElement headers)
    {
        if (headers.ValueKind == JsonValueKind.Array)
            return headers.EnumerateArray().Select(pair => pair.GetArrayLength() == 2 ? (pair[0].GetString() ?? "", pair[1].GetString() ?? "") : throw Wrong("a header is not a pair"));
        return headers.EnumerateObject().SelectMany(field => field.Value.ValueKind == JsonValueKind.Array
            ? field.Value.EnumerateArray().Select(line => (field.Name, line.GetString() ?? ""))
            : [(field.Name, field.Value.GetString() ?? "")]);
    }

    private static ExplainPolicy Policy(JsonElement json) => new()
    {
        Role = Text(json, "role") switch { null => null, "resource-server" => VerifierRole.ResourceServer, "authorization-server" => VerifierRole.AuthorizationServer, _ => throw Wrong("role") },
        Mode = Text(json, "mode") switch { null => null, "require" => SenderConstraintMode.Require, "observe" => SenderConstraintMode.Observe, _ => throw Wrong("mode") },
        NonceMode = Text(json, "nonceMode") switch { null => null, "off" => NonceMode.Off, "on-demand" => NonceMode.OnDemand, "always" => NonceMode.Always, _ => throw Wrong("nonceMode") },
        NonceKey = Text(json, "nonceKey"),
        Algorithms = Texts(json, "algorithms"),
        Issuer = Text(json, "issuer"),
        Audience = Text(json, "audience"),
        Origins = Texts(json, "origins"),
        ReplayStore = Text(json, "replayStore"),
        IssuerKeys = json.TryGetProperty("issuerKeys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Object ? keys.GetRawText() : null,
        HasNoKeys = json.TryGetProperty("issuerKeys", out JsonElement none) && none.ValueKind == JsonValueKind.Null,
        Forwarded = json.TryGetProperty("forwardedCertificate", out JsonElement forwarded) ? Forwarded(forwarded) : null,
        IsPeerUntrusted = Text(json, "peer") switch { null or "trusted" => false, "untrusted" => true, _ => throw Wrong("peer") },
        OpaqueJkt = json.TryGetProperty("token", out JsonElement token) ? Text(token, "jkt") : null,
    };

    private static ForwardedCertificateConfig Forwarded(JsonElement json) => new()
    {
        Format = ForwardedCertificateFormats.TryParse(Text(json, "format"), out ForwardedCertificateFormat format) ? format : throw Wrong("forwardedCertificate.format"),
        Field = Text(json, "field"),
        XfccHops = json.TryGetProperty("hops", out JsonElement hops) ? hops.GetInt32() : 1,
    };

    private static DateTimeOffset? Time(JsonElement json) =>
        json.TryGetProperty("now", out JsonElement now) ? DateTimeOffset.FromUnixTimeSeconds(now.GetInt64()) : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static string[]? Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? [.. value.EnumerateArray().Select(one => one.GetString() ?? "")] : null;

    private static FormatException Wrong(string what) => new(what);
}
