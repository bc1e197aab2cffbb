using System.Security.Cryptography;
using System.Text;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>A P-256 private key in a PEM file of the data directory.</summary>
internal static class P256KeyFile
{
    /// <summary>The key; made where the file is missing. One that is exposed is a <see cref="CliException"/>, and so is what <paramref name="damaged"/> says.</summary>
    public static ECDsa LoadOrCreate(DataDirectory directory, string name, Func<string, Exception?, CliException> damaged) =>
        File.Exists(directory[name]) ? Read(directory[name], damaged) : Create(directory, name);

    private static ECDsa Create(DataDirectory directory, string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        directory.Write(name, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        return key;
    }

    private static ECDsa Read(string path, Func<string, Exception?, CliException> damaged)
    {
        DataDirectory.RefuseExposedFile(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true).D is not null)
                return key;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw damaged(path, failure);
        }
        key.Dispose();
        throw damaged(path, null);
    }
}
