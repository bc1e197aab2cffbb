using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Cli.Commands;
using Holdfast.Cli.Database;
using Holdfast.Cli.Explain;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Output;

/// <summary>Everything this program writes as JSON: snake case, and no escapes that only a web page needs.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NewLine = "\n")]
[JsonSerializable(typeof(UpDocument))]
[JsonSerializable(typeof(SignalLine))]
[JsonSerializable(typeof(TokenReport))]
[JsonSerializable(typeof(CallReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(GuardReady))]
[JsonSerializable(typeof(DatabaseReport))]
[JsonSerializable(typeof(DatabaseChange))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>One line, for files and streams that are read by line.</summary>
    public static CliJson Line { get; } = new(With(isIndented: false));

    /// <summary>Indented, for results that people read as well.</summary>
    public static CliJson Indented { get; } = new(With(isIndented: true));

    /// <summary>The JSON text of a value.</summary>
    public static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static JsonSerializerOptions With(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
        WriteIndented = isIndented,
    };
}
