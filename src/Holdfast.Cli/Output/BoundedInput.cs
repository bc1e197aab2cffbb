namespace Holdfast.Cli.Output;

/// <summary>Reads what others wrote, up to a limit.</summary>
internal static class BoundedInput
{
    /// <summary>Everything, or null where it is longer than <paramref name="limit"/> bytes.</summary>
    public static byte[]? Read(Stream input, int limit)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int count; (count = input.Read(buffer)) > 0;)
        {
            if (kept.Length + count > limit)
                return null;
            kept.Write(buffer, 0, count);
        }
        return kept.ToArray();
    }
}
