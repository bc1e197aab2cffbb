using System.Text;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>Reads a capture from a file or standard input: JSON where it begins with a brace, otherwise an HTTP message.</summary>
internal static class CaptureReader
{
    private const int MaxLength = 1024 * 1024;

    /// <summary>Reads it; what cannot be read is a <see cref="CliException"/>.</summary>
    public static ExplainCase Read(string? path, CliConsole console)
    {
        byte[] bytes = ReadBytes(path, console);
        int first = bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8);
        if (first < 0)
            throw new CliException("The capture is empty; give an HTTP message or JSON.");
        // Octet for octet, so that the verifier sees what the server saw.
        return bytes[first] == (byte)'{' ? JsonCapture.Parse(bytes) : HttpCapture.Parse(Encoding.Latin1.GetString(bytes, first, bytes.Length - first));
    }

    private static byte[] ReadBytes(string? path, CliConsole console)
    {
        try
        {
            using Stream input = path is null or "-" ? console.OpenIn() : File.OpenRead(console.FullPath(path));
            return BoundedInput.Read(input, MaxLength) ?? throw new CliException("The capture is longer than 1 MiB; cut it down to one request.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{path}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }
}
