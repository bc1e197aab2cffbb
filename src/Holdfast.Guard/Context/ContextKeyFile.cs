using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>The keys of the contexts as they stand in the data directory, for their owner alone.</summary>
internal sealed class ContextKeyFile(string directory)
{
    public const string Name = "context-keys.json";
    private const int MaxBytes = 64 * 1024;

    private readonly string _path = Path.Combine(directory, Name);

    /// <summary>The keys there, or null on the first start. What cannot be used is a <see cref="GuardStartupException"/>.</summary>
    public ContextKeyRing? Read()
    {
        try
        {
            OwnerOnlyFiles.EnsureDirectory(directory);
            if (!File.Exists(_path))
                return null;
            using FileStream file = OwnerOnlyFiles.OpenRead(_path);
            if (file.Length > MaxBytes)
                throw new JsonException("too long");
            ContextKeyDocument document = JsonSerializer.Deserialize(file, ContextKeyJson.Default.ContextKeyDocument) ?? throw new JsonException("empty");
            return new(document.Current is { } current ? ContextKey.FromPem(current) : throw new JsonException("no current key"),
                document.Next is { } next ? ContextKey.FromPem(next) : throw new JsonException("no next key"),
                document.Previous is { } previous ? ContextKey.FromPem(previous) : null, document.Since);
        }
        catch (Exception failure) when (failure is JsonException or CryptographicException or ArgumentException)
        {
            throw new GuardStartupException($"The context keys '{_path}' are damaged ({failure.Message.TrimEnd('.')}); restore them from a backup, or delete the file to have new ones made.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new GuardStartupException($"The context keys '{_path}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    /// <summary>Writes beside, forces to disk and moves: a crash leaves the old keys or the new ones.</summary>
    public void Write(ContextKeyRing ring)
    {
        var document = new ContextKeyDocument(ring.Since, ring.Current.ToPem(), ring.Next.ToPem(), ring.Previous?.ToPem());
        OwnerOnlyFiles.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(document, ContextKeyJson.Default.ContextKeyDocument));
    }
}

internal sealed record ContextKeyDocument(DateTimeOffset Since, string? Current, string? Next, string? Previous);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ContextKeyDocument))]
internal sealed partial class ContextKeyJson : JsonSerializerContext;
