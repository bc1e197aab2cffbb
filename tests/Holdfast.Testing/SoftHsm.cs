using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Holdfast.Testing;

/// <summary>
/// A SoftHSM2 token with signing keys, behind the OpenSSL engine <c>pkcs11</c> of this process. One for the process, because the engine and the module are loaded
/// once: all keys are made before.
/// </summary>
public static class SoftHsm
{
    private const string Pin = "48151623";
    private static readonly Lazy<Task<TemporaryFolder>> Made = new(MakeAsync);

    /// <summary>Why it cannot be had here; null where it can.</summary>
    public static string? Missing { get; } =
        Module() is null || !File.Exists("/usr/bin/pkcs11-tool") || !File.Exists("/usr/bin/softhsm2-util") || Engine() is null
            ? "softhsm2, opensc and libengine-pkcs11-openssl are not installed." : null;

    /// <summary>The location of an EC key on P-256 in it.</summary>
    /// <param name="label">The name of the key: <c>signing-1</c> to <c>signing-3</c>.</param>
    public static async Task<string> LocationOfAsync(string label) =>
        $"engine:pkcs11:pkcs11:token=issuer;object={label};type=private?pin-source=file:{(await Made.Value).At("pin")}";

    // What docs/operations tells an operator to do.
    private static async Task<TemporaryFolder> MakeAsync()
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        Directory.CreateDirectory(folder.At("tokens"));
        string configuration = folder.Write("softhsm2.conf", $"directories.tokendir = {folder.At("tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n");
        File.SetUnixFileMode(folder.Write("pin", Pin), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var environment = new Dictionary<string, string?> { ["SOFTHSM2_CONF"] = configuration };
        await RunAsync("softhsm2-util", ["--init-token", "--free", "--label", "issuer", "--pin", Pin, "--so-pin", Pin], environment);
        for (int i = 1; i <= 3; i++)
        {
            string number = i.ToString(CultureInfo.InvariantCulture);
            await RunAsync("pkcs11-tool", ["--module", Module()!, "--login", "--pin", Pin, "--token-label", "issuer", "--keypairgen", "--key-type", "EC:prime256v1", "--label", $"signing-{number}", "--id", $"0{number}"], environment);
        }
        // The native environment of this process, which Environment.SetEnvironmentVariable does not reach.
        Set("SOFTHSM2_CONF", configuration);
        Set("PKCS11_MODULE_PATH", Module()!);
        return folder;
    }

    private static async Task RunAsync(string program, string[] arguments, Dictionary<string, string?> environment)
    {
        (int code, string output, string error) = await ProcessRun.ToEndAsync(program, arguments, environment: environment);
        if (code != 0)
            throw new InvalidOperationException($"{program} failed: {output}{error}");
    }

    private static string? Module() => Find("softhsm/libsofthsm2.so");

    private static string? Engine() => Find("engines-3/pkcs11.so");

    private static string? Find(string file) =>
        Directory.Exists("/usr/lib") ? new[] { "/usr/lib" }.Concat(Directory.GetDirectories("/usr/lib", "*-linux-gnu")).Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists) : null;

    private static void Set(string name, string value) => _ = SetEnvironment(Encoding.UTF8.GetBytes(name + "\0"), Encoding.UTF8.GetBytes(value + "\0"), 1);

    [DllImport("libc", EntryPoint = "setenv"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetEnvironment(byte[] name, byte[] value, int overwrite);
}
