namespace Holdfast.Issuer;

/// <summary>The data directory: made for its owner alone, and its files too.</summary>
internal static class IssuerDataDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Creates the directory where it is missing; refuses one that others may write to, because they could swap the key.</summary>
    public static void Ensure(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
                return;
            }
            Directory.CreateDirectory(directory, OwnerOnlyDirectory);
            if ((File.GetUnixFileMode(directory) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
                throw new IssuerStartupException($"The data directory '{directory}' may be written to by others; run: chmod 700 '{directory}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IssuerStartupException($"The data directory '{directory}' cannot be created or read ({e.Message}); name another one, or mend its permissions.", e);
        }
    }

    /// <summary>Creates a directory of secrets where it is missing; refuses one that others may look into.</summary>
    public static void EnsureOwnerOnly(string directory, string what)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
                return;
            }
            Directory.CreateDirectory(directory, OwnerOnlyDirectory);
            if ((File.GetUnixFileMode(directory) & ~OwnerOnlyDirectory) != UnixFileMode.None)
                throw new IssuerStartupException($"The {what} '{directory}' can be read or changed by others; run: chmod 700 '{directory}'.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IssuerStartupException($"The {what} '{directory}' cannot be created or read ({e.Message}); name another one, or mend its permissions.", e);
        }
    }

    /// <summary>Refuses a secret file that others may read or change.</summary>
    public static void RequireOwnerOnly(string path, string what)
    {
        if (OperatingSystem.IsWindows())
            return;
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
            throw new IssuerStartupException($"The {what} '{path}' can be read or changed by others (mode {Convert.ToString((int)mode, 8)}); run: chmod 600 '{path}'.");
    }
}
