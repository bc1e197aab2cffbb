namespace Holdfast.Integration.Tests;

/// <summary>Whom nginx and Apache work as where root starts them; otherwise they are what the test is.</summary>
internal static class ProxyUser
{
    private const string Unprivileged = "www-data";

    public static string Name { get; } = Environment.IsPrivilegedProcess ? Unprivileged : Environment.UserName;

    public static string Group { get; } = Environment.IsPrivilegedProcess ? Unprivileged : Run("id", "-gn");

    /// <summary>Lets the proxy's user through a folder.</summary>
    public static void MayEnter(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    /// <summary>Gives a folder to the proxy's user.</summary>
    public static void Owns(string folder) => Change("chown", Name, folder);

    /// <summary>Lets the proxy's group, and nobody else, write to a socket: as a service manager would.</summary>
    public static void MayConnect(string socket)
    {
        Change("chgrp", Group, socket);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(socket, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
    }

    private static void Change(string program, string to, string path)
    {
        if (Environment.IsPrivilegedProcess)
            Run(program, to, path);
    }

    private static string Run(string program, params string[] arguments)
    {
        (int code, string output, string error) = ProcessRun.ToEndAsync(program, arguments).GetAwaiter().GetResult();
        code.ShouldBe(0, error);
        return output.Trim();
    }
}
