using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Admin;

/// <summary>What the admin API answers, for people.</summary>
internal static class AdminText
{
    private static readonly JsonWriterOptions Writing = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON that people read as well.</summary>
    public static string Indented(JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
            node.WriteTo(writer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A member as text; empty where there is none.</summary>
    public static string Of(JsonNode? node) => node switch
    {
        null => "",
        JsonArray list => string.Join(' ', list.Select(Of)),
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => node.ToJsonString(),
    };

    /// <summary>A time, to the minute.</summary>
    public static string Time(JsonNode? node) =>
        node is not null && DateTimeOffset.TryParse(node.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)
            : "";

    /// <summary>What a client was last used for, in a few words.</summary>
    public static string LastUse(JsonNode client)
    {
        if (client["last_use"] is not { } use)
            return "never";
        string resource = use["resource"] is { } of ? $" for {Of(of)}" : "";
        string address = use["address"] is { } from ? $" from {Of(from)}" : "";
        return $"{Time(use["at"])}, {Of(use["grant_type"])}{resource}, bound by {Of(use["binding"])}{address}";
    }

    /// <summary>What changes, line by line.</summary>
    public static void PrintChanges(CliConsole console, JsonNode edit)
    {
        foreach (JsonNode? change in edit["changes"]!.AsArray())
        {
            string sign = Of(change!["action"]) switch
            {
                var action when action.EndsWith(".add", StringComparison.Ordinal) => "+",
                var action when action.EndsWith(".remove", StringComparison.Ordinal) || action.EndsWith(".offboard", StringComparison.Ordinal) => "-",
                _ => "~",
            };
            console.Out.WriteLine(TextTable.Plain($"{sign} {Of(change["kind"])} {Of(change["id"])} ({Of(change["action"])})"));
            foreach (JsonNode? member in change["members"]!.AsArray())
                console.Out.WriteLine(TextTable.Plain($"    {Of(member!["member"])}: {member["before"]?.ToJsonString() ?? "-"} -> {member["after"]?.ToJsonString() ?? "-"}"));
        }
    }
}
