using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Holdfast.Issuer;

/// <summary>
/// Where a private key is that never leaves its place: behind an OpenSSL engine (<c>engine:pkcs11:pkcs11:token=…</c>) or provider
/// (<c>provider:default:file:/…</c>).
/// </summary>
internal sealed record ExternalKeyLocation(bool IsEngine, string Name, string Uri)
{
    // A key from a provider has an OpenSSL library context of its own. OpenSSL 3.0 can crash the process where such a context is freed while a thread that used it
    // ends, so none ever is: there are as few as keys that were opened.
    private static readonly ConcurrentBag<AsymmetricAlgorithm> Kept = [];

    /// <summary>Reads a location; <paramref name="problem"/> says what is wrong with it, and does not repeat it: there may be a PIN in it.</summary>
    public static ExternalKeyLocation? TryParse(string text, out string problem)
    {
        problem = "";
        // It would be told to whoever reads the settings and the database, and by OpenSSL on the standard error stream.
        if (System.Uri.UnescapeDataString(text).Contains("pin-value", StringComparison.OrdinalIgnoreCase))
            problem = "has a PIN in it (pin-value); put the PIN into a file for its owner alone and name that with pin-source=file:/path.";
        else if (text.Split(':', 3) is [("engine" or "provider") and var kind, { Length: > 0 } name, { Length: > 0 } uri] && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            return new(kind == "engine", name, uri);
        else
            problem = "is not engine:NAME:KEY or provider:NAME:KEY, such as engine:pkcs11:pkcs11:token=issuer;object=signing-1;type=private?pin-source=file:/etc/holdfast/pin.";
        return null;
    }

    /// <summary>Opens the key and tries it out.</summary>
    /// <exception cref="CryptographicException">There is no such key, or it does not sign.</exception>
    /// <exception cref="ArgumentException">It is not one of this algorithm.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no OpenSSL that can do this.</exception>
    public SigningKey Open(string alg)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Keys behind OpenSSL engines and providers need Linux.");
        using SafeEvpPKeyHandle handle = IsEngine ? SafeEvpPKeyHandle.OpenPrivateKeyFromEngine(Name, Uri) : SafeEvpPKeyHandle.OpenKeyFromProvider(Name, Uri);
        AsymmetricAlgorithm key = alg == SigningAlgorithms.ES256 ? new ECDsaOpenSsl(handle) : new RSAOpenSsl(handle);
        if (!IsEngine)
            Kept.Add(key);
        try
        {
            // A public key alone would only fail at the first token.
            if (key is ECDsa ec)
                ec.SignData([0], HashAlgorithmName.SHA256);
            else
                ((RSA)key).SignData([0], HashAlgorithmName.SHA256, alg == SigningAlgorithms.RS256 ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss);
            return SigningKey.Create(key, alg);
        }
        catch when (IsEngine)
        {
            key.Dispose();
            throw;
        }
    }
}
