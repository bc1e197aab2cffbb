using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Issuer;

/// <summary>Keeps the signing key in the data directory, as PKCS #8 in PEM, for its owner alone. It survives restarts.</summary>
internal static class SigningKeyFile
{
    public const string Name = "signing-key.pem";

    /// <summary>The key of this directory; made on the first start.</summary>
    public static SigningKey LoadOrCreate(string directory)
    {
        IssuerDataDirectory.Ensure(directory);
        string path = Path.Combine(directory, Name);
        try
        {
            if (!File.Exists(path))
                Create(path);
            IssuerDataDirectory.RequireOwnerOnly(path, "signing key");
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IssuerStartupException($"The signing key '{path}' cannot be read or written ({e.Message}); mend its permissions.", e);
        }
    }

    // Written beside, forced to disk and moved: a crash leaves a whole key or none. Of two first starts at once the first mover wins and both
    // read its key.
    private static void Create(string path)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string temporary = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        using (FileStream file = IssuerDataDirectory.CreateFile(temporary))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }

    private static SigningKey Parse(string path, string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            // A public key alone would only fail at the first token.
            key.ExportParameters(includePrivateParameters: true);
            return new SigningKey(key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw Damaged(path, e);
        }
    }

    private static IssuerStartupException Damaged(string path, Exception cause) => new(
        $"The signing key '{path}' is damaged, or not a P-256 private key in PEM; restore it from a backup, or delete it to have a new one made "
        + "(tokens signed with the old one are then refused).", cause);
}
