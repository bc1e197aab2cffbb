using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace Holdfast.Client.Keys;

/// <summary>A private key in a file: PKCS#8 in PEM form, for its owner only.</summary>
internal static class KeyFile
{
    private const int MaxBytes = 64 * 1024;
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = Owner | UnixFileMode.UserExecute;

    /// <summary>Where keys are kept unless a path is set; null where the account has no such folder.</summary>
    public static string? DefaultDirectory =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } folder
            ? Path.Combine(folder, "holdfast", "keys")
            : null;

    /// <summary>The default file of a client at an issuer.</summary>
    public static string DefaultPath(string clientName, string issuer)
    {
        // The name is for people, the hash keeps issuers and similar names apart.
        string safe = string.Concat(clientName.Take(64).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '_'));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{clientName}\n{issuer}")).AsSpan(0, 8));
        return Path.Combine(DefaultDirectory ?? "", $"{safe}-{hash}.pem");
    }

    /// <summary>Reads a key that must be there.</summary>
    public static AsymmetricAlgorithm Read(string path) => Parse(path, ReadText(path));

    /// <summary>What is in a key file that only its owner may read.</summary>
    public static string ReadText(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (!OperatingSystem.IsWindows())
                RefuseExposed(path, file);
            if (file.Length > MaxBytes)
                throw Damaged(path);
            using var reader = new StreamReader(file, Encoding.ASCII);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastClientException(HoldfastClientFailure.KeyFileUnavailable,
                $"The key file '{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads a key, or makes one for the first of these algorithms that fits and keeps it.</summary>
    public static AsymmetricAlgorithm ReadOrCreate(string path, string alg)
    {
        if (File.Exists(path))
            return Read(path);
        try
        {
            Create(path, alg);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process may have been faster: then its key is the key.
            if (!File.Exists(path))
            {
                throw new HoldfastClientException(HoldfastClientFailure.KeyFileUnavailable,
                    $"The key file '{path}' cannot be created: {exception.Message}", exception);
            }
        }
        return Read(path);
    }

    private static void Create(string path, string alg)
    {
        string full = Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(full)!;
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerFolder);

        using AsymmetricAlgorithm key = SignatureAlgorithms.CreateKey(alg);
        string temporary = $"{full}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            // DPOP-C-23, RFC 9449 §11.4: the key is for its owner only, from the first octet on.
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = Owner;
            using (var file = new FileStream(temporary, options))
            {
                file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
                file.Flush(flushToDisk: true);
            }
            // Not over an existing file: of two processes that start together, one creates the key and both use it.
            File.Move(temporary, full, overwrite: false);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static void RefuseExposed(string path, FileStream file)
    {
        // By the open file, so that nothing can change between the look and the reading.
        if ((File.GetUnixFileMode(file.SafeFileHandle) & ~OwnerFolder) != UnixFileMode.None)
        {
            throw new HoldfastClientException(HoldfastClientFailure.KeyFileExposed,
                $"The key file '{path}' is open to others than its owner; run 'chmod 600' on it, and replace the key if someone may have read it.");
        }
    }

    private static AsymmetricAlgorithm Parse(string path, string text)
    {
        if (!PemEncoding.TryFind(text, out PemFields pem))
            throw Damaged(path);
        if (text.AsSpan()[pem.Label] is "ENCRYPTED PRIVATE KEY")
            throw new HoldfastClientException(HoldfastClientFailure.KeyFileDamaged, $"The key file '{path}' is encrypted; supply that key as a signer.");
        if (text.AsSpan()[pem.Label] is not "PRIVATE KEY")
            throw Damaged(path);
        byte[] pkcs8 = Convert.FromBase64String(text[pem.Base64Data]);
        try
        {
            return Import(ECDsa.Create(), pkcs8) ?? Import(RSA.Create(), pkcs8) ?? throw Damaged(path);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static AsymmetricAlgorithm? Import(AsymmetricAlgorithm key, byte[] pkcs8)
    {
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out int read);
            if (read == pkcs8.Length)
                return key;
        }
        catch (CryptographicException)
        {
            // Of the other kind, or damaged.
        }
        key.Dispose();
        return null;
    }

    private static HoldfastClientException Damaged(string path) => new(HoldfastClientFailure.KeyFileDamaged,
        $"The key file '{path}' is damaged, or is not a PKCS#8 private key in PEM form.");
}
