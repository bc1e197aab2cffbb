using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Holdfast.Client.Internal;
using Holdfast.Client.Keys;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Certificates;

/// <summary>
/// A certificate and its key in two PEM files, which somebody else renews. Read again every few seconds, while they are used: a watcher
/// would miss the links that are switched under a mounted secret. What cannot be used does not replace what can: a renewal writes one file after the other.
/// </summary>
internal sealed class CertificateFiles(string client, string certificateFile, string keyFile, TimeProvider time, ILogger logger) : IClientCertificateSource
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly Lock _reading = new();
    private Loaded? _loaded;
    private long _read;
    private string? _problem;

    public ValueTask<SslStreamCertificateContext> GetCertificateAsync(CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _loaded) is not { } loaded)
        {
            lock (_reading)
                return new((_loaded ?? Load()).Context);
        }
        // One of the callers looks; the others go on with what is there.
        if (time.GetElapsedTime(Volatile.Read(ref _read)) >= Age && _reading.TryEnter())
        {
            try
            {
                loaded = LookAgain(loaded);
            }
            finally
            {
                _reading.Exit();
            }
        }
        return new(loaded.Context);
    }

    private Loaded LookAgain(Loaded before)
    {
        try
        {
            before = Load();
            _problem = null;
        }
        catch (HoldfastClientException exception)
        {
            Volatile.Write(ref _read, time.GetTimestamp());
            if (exception.Message != _problem)
                Log.CertificateNotRenewed(logger, client, exception.Message);
            _problem = exception.Message;
        }
        return before;
    }

    private Loaded Load()
    {
        string certificate = ReadCertificate();
        string key = KeyFile.ReadText(keyFile);
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{certificate}\0{key}"));
        Loaded loaded = _loaded is not null && hash.AsSpan().SequenceEqual(_loaded.Hash) ? _loaded : new(Parse(certificate, key), hash);
        Volatile.Write(ref _read, time.GetTimestamp());
        Volatile.Write(ref _loaded, loaded);
        return loaded;
    }

    private string ReadCertificate()
    {
        try
        {
            using var file = new FileStream(certificateFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxBytes)
                throw Invalid($"The certificate file '{certificateFile}' is too long to be one.");
            using var reader = new StreamReader(file, Encoding.ASCII);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HoldfastClientException(HoldfastClientFailure.CertificateUnavailable,
                $"The certificate file '{certificateFile}' cannot be read: {exception.Message}", exception);
        }
    }

    private SslStreamCertificateContext Parse(string certificate, string key)
    {
        try
        {
            // The first is the client's own, the others are the chain to send along (RFC 8446 §4.4.2).
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificate);
            if (chain.Count > 0)
                chain.RemoveAt(0);
            return SslStreamCertificateContext.Create(ForTls(X509Certificate2.CreateFromPem(certificate, key)), chain, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw Invalid($"The certificate file '{certificateFile}' and the key file '{keyFile}' are not a certificate in PEM form and its own private key.", exception);
        }
    }

    // The TLS layer of Windows takes no keys that live in memory only.
    private static X509Certificate2 ForTls(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
            return certificate;
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }

    private static HoldfastClientException Invalid(string message, Exception? inner = null) =>
        new(HoldfastClientFailure.CertificateInvalid, message, inner);

    private sealed record Loaded(SslStreamCertificateContext Context, byte[] Hash);
}
