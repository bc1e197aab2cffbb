namespace Holdfast.Cli.Up;

/// <summary>The first administrator: a client of the settings, so that nothing in the registry can shut it out, with a key of its own in the data directory.</summary>
internal static class AdminClient
{
    public const string ClientId = "admin";
    public const string PemName = "admin-key.pem";
    public const string JwkName = "admin-key.jwk.json";
    public const string JwksName = "admin-jwks.json";

    /// <summary>The key; made on the first start.</summary>
    public static DemoClient LoadOrCreate(DataDirectory directory) => DemoClient.LoadOrCreate(directory, PemName, JwkName, JwksName);

    /// <summary>True for one of its files.</summary>
    public static bool IsFile(string path) => Path.GetFileName(path) is PemName or JwkName or JwksName;
}
