using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary>What came back through a proxy.</summary>
internal sealed record ProxyAnswer(int Status, IReadOnlyList<(string Name, string Value)> Fields, string Text)
{
    public IReadOnlyList<string> Challenges => [.. Lines("WWW-Authenticate")];

    public string? Nonce => Lines("DPoP-Nonce").SingleOrDefault();

    /// <summary>The error code of the first challenge that has one.</summary>
    public string? Error => Challenges.Select(line => System.Text.RegularExpressions.Regex.Match(line, "error=\"([^\"]*)\"")).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    public bool AsksForNonce => Status == 401 && Error == "use_dpop_nonce";

    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public IEnumerable<string> Lines(string name) => Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    /// <summary>The lines of a field as the API or the upstream got them.</summary>
    public string[] Arrived(string name) => [.. ArrivedFields.Where(line => line.Name == name).Select(line => line.Value)];

    public IEnumerable<(string Name, string Value)> ArrivedFields => Json.GetProperty("fields").EnumerateArray().Select(line => (line[0].GetString()!, line[1].GetString()!));

    public override string ToString() => $"{Status}\n{string.Join('\n', Fields.Select(field => $"{field.Name}: {field.Value}"))}\n\n{Text}";
}
