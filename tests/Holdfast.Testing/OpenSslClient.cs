using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Testing;

/// <summary>The <c>openssl</c> program as a client that keeps its session and tells whether it was resumed.</summary>
public sealed class OpenSslClient : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _certificate;
    private readonly string _key;
    private readonly string _session;

    /// <summary>With this certificate and its key.</summary>
    public OpenSslClient(X509Certificate2 certificate)
    {
        _certificate = _folder.Write("client.pem", certificate.ExportCertificatePem());
        _key = _folder.Write("client.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        _session = _folder.At("session.pem");
    }

    /// <summary>Everything the program says: the handshake and the answer.</summary>
    public async Task<string> GetAsync(int port, string protocol, string path, string authorization, string host = "api.example.com")
    {
        List<string> arguments = ["s_client", "-connect", $"127.0.0.1:{port}", "-servername", host.Split(':')[0], protocol, "-cert", _certificate, "-key", _key, "-ign_eof", "-sess_out", _session];
        if (File.Exists(_session))
            arguments.AddRange(["-sess_in", _session]);
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: {authorization}\r\nConnection: close\r\n\r\n");
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            process.Kill();
        }
        return await output + await error;
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
