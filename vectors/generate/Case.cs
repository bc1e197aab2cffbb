using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>One vector. What is expected is written by hand in the tables, never computed.</summary>
internal sealed record Case(string Folder, string Id, string Spec, string Description, string Expect, string? Answer, bool TokenEndpoint, Action<Scene> Change)
{
    public JsonObject Build()
    {
        var scene = new Scene(Id, TokenEndpoint);
        Change(scene);
        var vector = new JsonObject
        {
            ["id"] = Id,
            ["spec"] = new JsonArray([.. Spec.Split(", ").Select(s => JsonValue.Create(s))]),
            ["description"] = Description,
            ["now"] = scene.Now,
            ["request"] = scene.Request(),
            ["policy"] = scene.PolicyJson(),
            ["expect"] = Expect,
        };
        var previous = new JsonArray();
        foreach (var (earlier, expect) in scene.Before)
            previous.Add(Earlier(earlier.Request(), earlier.Now, expect));
        if (scene.FirstTime is { } first)
            previous.Add(Earlier(vector["request"]!.DeepClone(), scene.FirstTimeAt ?? scene.Now, first));
        if (previous.Count > 0)
            vector["policy"]!["previous"] = previous;
        if (Answer is not null)
            vector["answer"] = Answer;
        if (Expect != "accepted")
            vector["status"] = Status;
        return vector;
    }

    // RFC 9449 §5, §7.1; RFC 6750 §3.1; RFC 9110 §15.6.4.
    private int Status => Answer switch
    {
        "temporarily_unavailable" => 503,
        "invalid_request" => 400,
        _ => TokenEndpoint ? 400 : 401,
    };

    private static JsonObject Earlier(JsonNode request, long now, string expect) => new() { ["now"] = now, ["request"] = request, ["expect"] = expect };
}

/// <summary>A folder of cases.</summary>
internal abstract class CaseTable(string folder, bool tokenEndpoint = false)
{
    public List<Case> Cases { get; } = [];

    protected void Good(string id, string spec, string description, Action<Scene>? change = null) =>
        Cases.Add(new(folder, id, spec, description, "accepted", null, tokenEndpoint, change ?? (_ => { })));

    /// <summary>Refused, and answered with <c>invalid_dpop_proof</c>.</summary>
    protected void BadProof(string id, string spec, string description, string expect, Action<Scene> change) =>
        Bad(id, spec, description, expect, "invalid_dpop_proof", change);

    /// <summary>Refused, and answered with <c>invalid_token</c>.</summary>
    protected void BadToken(string id, string spec, string description, string expect, Action<Scene> change) =>
        Bad(id, spec, description, expect, "invalid_token", change);

    protected void Bad(string id, string spec, string description, string expect, string? answer, Action<Scene> change) =>
        Cases.Add(new(folder, id, spec, description, expect, answer, tokenEndpoint, change));
}
