using System.Text;

namespace Holdfast.Guard.Internal;

/// <summary>Reads secrets from where they are kept: a file or a variable, never from the configuration itself.</summary>
internal sealed class SecretReader(string folder, Func<string, string?> environment)
{
    private const int MaxBytes = 4096;

    /// <summary>The secret of <c>{ file: … }</c> or <c>{ env: … }</c>, or null and a problem.</summary>
    public string? Read(YamlMap map)
    {
        string? file = map.Text("file"), variable = map.Text("env");
        map.Close();
        if (file is null == variable is null)
        {
            map.Problem("a secret is either { file: PATH } or { env: NAME }; it never stands in this file.");
            return null;
        }
        return file is not null ? FromFile(map, Path.GetFullPath(file, folder)) : FromEnvironment(map, variable!);
    }

    private static string? FromFile(YamlMap map, string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > MaxBytes)
            {
                map.Problem("file", $"'{path}' is longer than {MaxBytes} bytes.");
                return null;
            }
            using var reader = new StreamReader(file, Encoding.UTF8);
            // The line feed at the end is the editor's.
            return reader.ReadToEnd().TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            map.Problem("file", $"'{path}' cannot be read: {failure.Message.TrimEnd('.')}.");
            return null;
        }
    }

    private string? FromEnvironment(YamlMap map, string variable)
    {
        if (environment(variable) is { Length: > 0 } value)
            return value;
        map.Problem("env", $"the variable '{variable}' is not set.");
        return null;
    }
}
