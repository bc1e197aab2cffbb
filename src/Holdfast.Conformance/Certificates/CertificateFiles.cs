using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>Reads the PEM files that a target names.</summary>
internal static class CertificateFiles
{
    /// <summary>A certificate with its private key.</summary>
    public static X509Certificate2 ReadPair(string certificatePath, string keyPath) =>
        Read($"{certificatePath} and {keyPath}", () => X509Certificate2.CreateFromPemFile(certificatePath, keyPath));

    /// <summary>A certificate.</summary>
    public static X509Certificate2 ReadCertificate(string path) =>
        Read(path, () => X509Certificate2.CreateFromPem(File.ReadAllText(path)));

    private static X509Certificate2 Read(string paths, Func<X509Certificate2> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new DrillFailedException($"the certificate {paths} cannot be used: {e.Message}", e);
        }
    }
}
