namespace Holdfast.Guard.Internal;

/// <summary>Reads <c>replay</c>.</summary>
internal sealed class ReplayReader(string folder, Func<string, string?> environment)
{
    /// <summary>What is configured, or null and a problem.</summary>
    public GuardReplay? Read(YamlMap replay)
    {
        if (!replay.Has("postgresql"))
            replay.Problem("postgresql", "missing; it says which database the guards share.");
        YamlMap? map = replay.Map("postgresql");
        replay.Close();
        if (map is null)
            return null;
        if (!map.Has("connection_string"))
            map.Problem("connection_string", "missing; { file: PATH } or { env: NAME }, with a text such as Host=db.example.com;Database=holdfast;Username=holdfast.");
        string? connection = map.Map("connection_string") is { } secret ? new SecretReader(folder, environment).Read(secret) : null;
        string schema = map.Text("schema") ?? GuardReplay.DefaultSchema;
        if (!IsSchemaName(schema))
            map.Problem("schema", $"'{schema}' is not made of up to 48 lower-case letters, digits and underscores.");
        GuardReplayLoss loss = map.Choice("when_unavailable", ("refuse", GuardReplayLoss.Refuse), ("nonce", GuardReplayLoss.Nonce)) ?? GuardReplayLoss.Refuse;
        TimeSpan deadline = map.Time("deadline", GuardReplay.DefaultDeadline, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        map.Close();
        return new() { ConnectionString = connection ?? "", Schema = schema, WhenUnavailable = loss, Deadline = deadline, Line = map.Line };
    }

    private static bool IsSchemaName(string text) =>
        text.Length <= 48 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
