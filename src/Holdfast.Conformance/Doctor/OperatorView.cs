using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>
/// What the API's own diagnostic endpoint says of how a request reached it: read leniently, because it is another program's, and perhaps another
/// version's. Null where there is none or the caller may not ask.
/// </summary>
internal sealed record OperatorView(JsonObject Document)
{
    /// <summary>Where Holdfast's diagnostic endpoint is, below the origin.</summary>
    public const string Path = "/.well-known/holdfast/diagnostics";

    /// <summary>The scope that it wants.</summary>
    public const string Scope = "holdfast:diagnose";

    /// <summary>The URLs that proofs are compared with, and what arrived.</summary>
    public string Target =>
        $"proofs are compared with {Join("public_urls", "no URL at all")}; it arrived as {Text("request", "method")} {Text("request", "raw_target")} for {Text("request", "scheme")}://{Text("request", "host")}";

    /// <summary>The certificate, and whom it came from.</summary>
    public string Certificate
    {
        get
        {
            var certificate = Document["certificate"] is JsonObject seen
                ? $"certificate {(string?)seen["x5t#S256"]}, {((bool?)seen["forwarded"] == true ? "forwarded by the proxy" : "of the connection itself")}"
                : "no certificate";
            var proxy = Document["proxy"] is JsonObject listener
                ? $"; listener of a proxy, format {(string?)listener["format"]}, peer {((bool?)listener["trusted"] == true ? "trusted" : $"not trusted: expected {(string?)listener["expected"]}, seen {(string?)listener["seen"]}")}"
                : "; no proxy is declared for this listener";
            return certificate + proxy;
        }
    }

    /// <summary>What was dropped because nobody may send it.</summary>
    public string Dropped => $"dropped: {Join("dropped_certificate_fields", "nothing")}";

    public static OperatorView? Read(RawResponse response)
    {
        try
        {
            return JsonNode.Parse(response.Body) is JsonObject document && document["public_urls"] is JsonArray ? new OperatorView(document) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string Join(string member, string none) =>
        Document[member] is JsonArray { Count: > 0 } values ? string.Join(", ", values.Select(value => value?.ToString())) : none;

    private string Text(string parent, string member) => (Document[parent] as JsonObject)?[member]?.ToString() ?? "?";
}
