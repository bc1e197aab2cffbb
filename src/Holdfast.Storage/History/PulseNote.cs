using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.AspNetCore;

namespace Holdfast.Storage;

/// <summary>What was seen of the database last, beside it in a small file: by it a database that was set back while nothing ran is noticed at the next start.</summary>
internal sealed class PulseNote(string? directory)
{
    public const string FileName = "holdfast.pulse";

    public string? Path { get; } = directory is null ? null : System.IO.Path.Combine(directory, FileName);

    /// <summary>Null where there is none, or it cannot be read: then nothing is known.</summary>
    public PulseRecord? Read()
    {
        if (Path is null || !File.Exists(Path))
            return null;
        try
        {
            using FileStream file = OwnerOnlyFiles.OpenRead(Path);
            return JsonSerializer.Deserialize(file, PulseJson.Default.PulseRecord) is { Id.Length: > 0 } record ? record : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Replaces it.</summary>
    public void Write(PulseRecord record)
    {
        if (Path is null)
            return;
        OwnerOnlyFiles.EnsureDirectory(directory!);
        OwnerOnlyFiles.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(record, PulseJson.Default.PulseRecord));
    }
}

/// <summary>The last pulse and how far the logs had come.</summary>
/// <param name="Id">The row.</param>
/// <param name="LogId">The line of history.</param>
/// <param name="Beat">The number in the row.</param>
/// <param name="Revision">Of the registry.</param>
/// <param name="Revocation">The last place in the log of revocations.</param>
/// <param name="Audit">The last place in the record of changes.</param>
internal sealed record PulseRecord(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("log_id")] string LogId,
    [property: JsonPropertyName("beat")] long Beat,
    [property: JsonPropertyName("revision")] long Revision,
    [property: JsonPropertyName("revocation")] long Revocation,
    [property: JsonPropertyName("audit")] long Audit);

[JsonSerializable(typeof(PulseRecord))]
internal sealed partial class PulseJson : JsonSerializerContext;
