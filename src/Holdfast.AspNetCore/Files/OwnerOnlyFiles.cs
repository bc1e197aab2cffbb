using System.Security.Cryptography;

namespace Holdfast.AspNetCore;

/// <summary>Files with secrets: for their owner alone, from the first octet on. On Windows the folder's own permissions apply.</summary>
internal static class OwnerOnlyFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>Creates the directory where it is missing; one that others may write to is an <see cref="IOException"/>, because they could swap a file.</summary>
    public static void EnsureDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }
        Directory.CreateDirectory(directory, OwnerOnlyDirectory);
        if ((File.GetUnixFileMode(directory) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw new IOException($"the directory '{directory}' may be written to by others; run: chmod 700 '{directory}'");
    }

    /// <summary>Opens for reading; a file that others may read or change is an <see cref="IOException"/>.</summary>
    public static FileStream OpenRead(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        // By the open file, so that nothing can change between the look and the reading.
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file.SafeFileHandle) & ~OwnerOnlyDirectory) == UnixFileMode.None)
            return file;
        file.Dispose();
        throw new IOException($"'{path}' is open to others than its owner; run: chmod 600 '{path}'");
    }

    /// <summary>A new and empty file; one that is there already is an <see cref="IOException"/>.</summary>
    public static FileStream CreateNew(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>Writes beside, forces to disk and moves over: a crash leaves the old content or the new.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        string temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            using (FileStream file = CreateNew(temporary))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
