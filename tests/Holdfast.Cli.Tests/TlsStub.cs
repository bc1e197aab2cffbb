using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Holdfast.Cli.Tests;

/// <summary>
/// An authorization server and a resource in one, over TLS of a private authority: one port that never asks for a certificate, and one that
/// does. What it issues says in <c>cnf</c> what it saw; who it is told of, it does not judge.
/// </summary>
internal sealed class TlsStub : IAsyncDisposable
{
    private readonly TestPki _pki = new();
    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;

    public string Issuer { get; private set; } = "";

    public string Resource { get; private set; } = "";

    /// <summary>The last form that the token endpoint was sent.</summary>
    public IFormCollection? Form { get; private set; }

    /// <summary>False where it breaks the promise of its metadata.</summary>
    public bool Binds { get; set; } = true;

    /// <summary>False where nobody can look into its tokens.</summary>
    public bool IsReadable { get; set; } = true;

    public string Folder => _folder.Path;

    public string Ca { get; private set; } = "";

    public string Certificate { get; private set; } = "";

    public string Key { get; private set; } = "";

    public string Thumbprint { get; private set; } = "";

    public static async Task<TlsStub> StartAsync()
    {
        var stub = new TlsStub();
        stub.WriteFiles();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            foreach (ClientCertificateMode mode in new[] { ClientCertificateMode.NoCertificate, ClientCertificateMode.AllowCertificate })
            {
                kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
                {
                    (https.ServerCertificate, https.ClientCertificateMode) = (stub._pki.Server, mode);
                    https.ClientCertificateValidation = (_, _, _) => true;
                }));
            }
        });
        stub._app = builder.Build();
        stub._app.Run(stub.AnswerAsync);
        await stub._app.StartAsync();
        string[] addresses = [.. stub._app.Urls.Select(url => url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))];
        (stub.Issuer, stub.Resource) = (addresses[0], addresses[1]);
        return stub;
    }

    /// <summary>The options that name this issuer.</summary>
    public string[] Options(params string[] more) => ["--issuer", Issuer, "--client-id", "orders", "--resource", Resource, "--ca", Ca, .. more];

    public string[] WithCertificate(params string[] more) => Options(["--cert", Certificate, "--cert-key", Key, .. more]);

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _pki.Dispose();
        _folder.Dispose();
    }

    private void WriteFiles()
    {
        using var client = TestPki.Client();
        Thumbprint = TestPki.Thumbprint(client);
        Ca = _folder.Write("ca.pem", _pki.Authority.ExportCertificatePem());
        Certificate = _folder.Write("client.crt", client.ExportCertificatePem());
        Key = _folder.Write("client.key", client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string? seen = context.Connection.ClientCertificate is { } certificate ? TestPki.Thumbprint(certificate) : null;
        switch (context.Request.Path.Value)
        {
            case "/.well-known/oauth-authorization-server":
                await WriteAsync(context, new()
                {
                    ["issuer"] = Issuer,
                    ["token_endpoint"] = $"{Issuer}/token",
                    ["mtls_endpoint_aliases"] = new JsonObject { ["token_endpoint"] = $"{Resource}/token" },
                    ["tls_client_certificate_bound_access_tokens"] = true,
                });
                break;
            case "/token":
                Form = await context.Request.ReadFormAsync();
                bool hasProof = context.Request.Headers.ContainsKey("DPoP");
                var cnf = new JsonObject();
                if (hasProof)
                    cnf["jkt"] = ThumbprintOfKey(context.Request.Headers["DPoP"].ToString());
                if (seen is not null && Binds)
                    cnf["x5t#S256"] = seen;
                await WriteAsync(context, new()
                {
                    ["access_token"] = !IsReadable ? "opaque" : $"{Encode(new() { ["typ"] = "at+jwt" })}.{Encode(new() { ["cnf"] = cnf })}.{Encode([])}",
                    ["token_type"] = hasProof ? "DPoP" : "Bearer",
                    ["expires_in"] = 300,
                });
                break;
            default:
                await WriteAsync(context, new()
                {
                    ["certificate"] = seen,
                    ["scheme"] = context.Request.Headers.Authorization.ToString().Split(' ')[0],
                    ["proof"] = context.Request.Headers.ContainsKey("DPoP"),
                });
                break;
        }
    }

    private static Task WriteAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString());
    }

    // RFC 7638 §3.1, of an EC key.
    private static string ThumbprintOfKey(string proof)
    {
        JsonNode jwk = JsonNode.Parse(Base64Url.DecodeFromChars(proof.Split('.')[0]))!["jwk"]!;
        string members = $$"""{"crv":"{{jwk["crv"]}}","kty":"{{jwk["kty"]}}","x":"{{jwk["x"]}}","y":"{{jwk["y"]}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(members)));
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
