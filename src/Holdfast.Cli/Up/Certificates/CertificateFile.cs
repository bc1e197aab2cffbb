using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>
/// A certificate and its P-256 key, two PEM files of the data directory. The key decides: a certificate that is missing or near its end is
/// made anew from it, so that there is no moment at which the two do not belong together.
/// </summary>
internal sealed class CertificateFile(DataDirectory directory, string name)
{
    private readonly string _certificateName = $"{name}.pem";
    private readonly string _keyName = $"{name}-key.pem";

    /// <summary>The path of the certificate.</summary>
    public string CertificatePath => directory[_certificateName];

    /// <summary>The path of its key.</summary>
    public string KeyPath => directory[_keyName];

    /// <summary>
    /// The certificate with its key. A new one is written where none is there, or where the one there is not <paramref name="fit"/> any more.
    /// Files that are damaged or exposed are a <see cref="CliException"/>.
    /// </summary>
    public X509Certificate2 LoadOrIssue(Func<X509Certificate2, bool> fit, Func<ECDsa, X509Certificate2> issue)
    {
        // A certificate whose key was deleted is of no use.
        bool isKnown = File.Exists(KeyPath) && File.Exists(CertificatePath);
        using ECDsa key = P256KeyFile.LoadOrCreate(directory, _keyName, DamagedKey);
        if (isKnown && Read(key) is { } stored)
        {
            if (fit(stored))
                return WithKey(stored, key);
            stored.Dispose();
        }
        X509Certificate2 issued = issue(key);
        directory.Write(_certificateName, Encoding.ASCII.GetBytes(issued.ExportCertificatePem() + "\n"));
        return WithKey(issued, key);
    }

    private X509Certificate2 Read(ECDsa key)
    {
        DataDirectory.RefuseExposedFile(CertificatePath, isSecret: false);
        X509Certificate2? certificate = null;
        try
        {
            certificate = X509Certificate2.CreateFromPem(File.ReadAllText(CertificatePath));
            using ECDsa? own = certificate.GetECDsaPublicKey();
            if (own is not null && own.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
                return certificate;
        }
        catch (CryptographicException failure)
        {
            throw Damaged(CertificatePath, $"delete {_certificateName} to have it made anew", failure);
        }
        certificate.Dispose();
        throw Damaged(CertificatePath, $"delete {_certificateName} to have it made anew", null);
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, ECDsa key)
    {
        // One that signed itself has its key already.
        if (certificate.HasPrivateKey)
            return certificate;
        using (certificate)
            return certificate.CopyWithPrivateKey(key);
    }

    private CliException DamagedKey(string path, Exception? cause) => Damaged(path, $"delete {_keyName} and {_certificateName} to have new ones made", cause);

    private CliException Damaged(string path, string fix, Exception? cause) =>
        new($"'{path}' is damaged, or not of the key in {_keyName}; restore it, or {fix}.", cause);
}
