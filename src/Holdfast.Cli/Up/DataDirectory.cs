using System.Text.Json;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>The directory of one <c>up</c>: its owner's alone, and used by one process at a time.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockName = "up.lock";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held, bool isNew) => (FullPath, _lock, IsNew) = (path, held, isNew);

    /// <summary>The absolute path.</summary>
    public string FullPath { get; }

    /// <summary>True where nothing was in it, so that no earlier process issued or accepted anything with its keys.</summary>
    public bool IsNew { get; }

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => Path.Combine(FullPath, name);

    /// <summary>Creates the directory where it is missing, and takes hold of it. Everything that is wrong with it is a <see cref="CliException"/>.</summary>
    public static DataDirectory Open(string path)
    {
        try
        {
            if (File.Exists(path))
                throw new CliException($"'{path}' is a file, not a directory; name another one with --data.");
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, Owner);
            RefuseExposed(path);
            FileStream held = Lock(path);
            return new DataDirectory(path, held, IsEmpty(path));
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Unusable(path, failure);
        }
    }

    /// <summary>Writes a file whole, for its owner alone: beside, forced to disk, and moved.</summary>
    public void Write(string name, ReadOnlySpan<byte> content)
    {
        string temporary = this[$"{name}.tmp"];
        try
        {
            File.Delete(temporary);
            using (var file = new FileStream(temporary, OwnerOnly(FileMode.CreateNew)))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, this[name], overwrite: true);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw Unusable(FullPath, failure);
        }
    }

    /// <summary>How a secret file is opened for writing: others may not read it, from the first octet on.</summary>
    public static FileStreamOptions OwnerOnly(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read | FileShare.Delete };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    /// <summary>Throws where others may change a file, or read one that is secret: what is in it may not be its owner's alone any more.</summary>
    public static void RefuseExposedFile(string path, bool isSecret = true)
    {
        const UnixFileMode Writable = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        const UnixFileMode Readable = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & (isSecret ? Writable | Readable : Writable)) != UnixFileMode.None)
            throw new CliException($"Others may read or change '{path}'; run: chmod 600 '{path}', and delete it to have a new one made if someone may have done so.");
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void RefuseExposed(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        UnixFileMode mode = File.GetUnixFileMode(path);
        // The account that ignores modes must not succeed where every other one fails.
        if ((mode & Owner) != Owner)
            throw new CliException($"The data directory '{path}' may not be read and written by its owner; run: chmod 700 '{path}', or name another one with --data.");
        // In a directory that others may write to, they could put their own key in place of ours.
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw new CliException($"Others may write to the data directory '{path}'; run: chmod 700 '{path}', or name another one with --data.");
    }

    // An advisory lock that ends with the process, however it ends; the file itself stays.
    private static FileStream Lock(string path)
    {
        string file = Path.Combine(path, LockName);
        FileStreamOptions options = OwnerOnly(FileMode.OpenOrCreate);
        options.Share = FileShare.None;
        try
        {
            return new FileStream(file, options);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new CliException($"Another 'holdfast up'{HolderOf(path)} uses the data directory '{path}'; stop it, or name another directory with --data.");
        }
    }

    // It says so itself, once it is ready.
    private static string HolderOf(string path)
    {
        try
        {
            UpDocument? up = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(path, UpDocument.FileName)), CliJson.Line.UpDocument);
            return up?.Pid is { } pid ? $" (process {pid})" : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            return "";
        }
    }

    private static bool IsEmpty(string path) =>
        !Directory.EnumerateFileSystemEntries(path).Any(entry => !string.Equals(Path.GetFileName(entry), LockName, StringComparison.Ordinal));

    private static CliException Unusable(string path, Exception failure) =>
        new($"The data directory '{path}' cannot be used ({failure.Message.TrimEnd('.')}); mend its permissions, or name another one with --data.", failure);
}
