using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Holdfast.Conformance;

/// <summary>How targets are read and rows written: snake case, nulls kept, so that every row has the same members.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DrillTarget))]
[JsonSerializable(typeof(DrillRow))]
[JsonSerializable(typeof(DrillRow[]))]
public sealed partial class DrillJson : JsonSerializerContext
{
    /// <summary>The array of rows that <c>--json</c> prints.</summary>
    public static string Write(IReadOnlyList<DrillRow> rows)
    {
        // Quotation marks and angle brackets stay readable: this goes to terminals and files, never into a page.
        var options = new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return JsonSerializer.Serialize([.. rows], new DrillJson(options).DrillRowArray);
    }
}
