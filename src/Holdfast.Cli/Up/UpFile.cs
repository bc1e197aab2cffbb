using System.Text.Json;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>Finds and reads the <c>up.json</c> of a running <c>up</c>.</summary>
internal static class UpFile
{
    /// <summary>The path that <c>--up</c> means: a file, or a directory with <c>up.json</c> in it.</summary>
    public static string Locate(CliConsole console, string? given)
    {
        string path = console.FullPath(given ?? UpOptions.DefaultDirectory);
        return Directory.Exists(path) || given is null ? Path.Combine(path, UpDocument.FileName) : path;
    }

    /// <summary>Reads it; a file that is missing or damaged is a <see cref="CliException"/>.</summary>
    public static UpDocument Read(CliConsole console, string? given)
    {
        string path = Locate(console, given);
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), CliJson.Line.UpDocument) ?? throw Damaged(path, "it is null");
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException($"'holdfast up' is not running: there is no '{console.ShortPath(path)}'. Start it with '{console.ProgramName} up', "
                + "or say where its data directory is with --up, or name another server with --issuer.", failure);
        }
        catch (JsonException failure)
        {
            throw Damaged(path, failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{path}' cannot be read ({failure.Message.TrimEnd('.')}).", failure);
        }
    }

    private static CliException Damaged(string path, string why) => new($"'{path}' is not what 'holdfast up' writes ({why.TrimEnd('.')}); stop and start 'holdfast up' again.");
}
