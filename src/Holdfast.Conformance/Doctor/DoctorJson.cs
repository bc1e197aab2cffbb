using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Conformance;

/// <summary>How a report is written: snake case, nulls kept, so that every finding has the same members.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(DoctorReport))]
public sealed partial class DoctorJson : JsonSerializerContext
{
    /// <summary>The object that <c>--json</c> prints.</summary>
    public static string Write(DoctorReport report)
    {
        var options = new JsonSerializerOptions(Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters =
            {
                new JsonStringEnumConverter<DoctorResult>(JsonNamingPolicy.SnakeCaseLower),
                new JsonStringEnumConverter<ProxyKind>(JsonNamingPolicy.SnakeCaseLower),
            },
        };
        return JsonSerializer.Serialize(report, new DoctorJson(options).DoctorReport);
    }
}
