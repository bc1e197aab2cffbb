namespace Holdfast.Guard;

/// <summary>The JSON Schema (2020-12) of the configuration, for editors and for checks before anything is deployed.</summary>
public static class GuardSchema
{
    /// <summary>Its text.</summary>
    public static string Text { get; } = Read();

    private static string Read()
    {
        using Stream stream = typeof(GuardSchema).Assembly.GetManifestResourceStream("guard.schema.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
