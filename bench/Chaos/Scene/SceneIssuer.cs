using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.Chaos;

/// <summary>
/// What is not under attack, in this process: the issuer's documents and tokens, and the upstream behind the guard, which writes down what reaches it.
/// </summary>
internal sealed class SceneIssuer : IAsyncDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly WebApplication _app;
    private readonly AcceptedLog _accepted;

    public SceneIssuer(int port, string acceptedFile)
    {
        Issuer = $"http://localhost:{port}";
        _accepted = new(acceptedFile, "guard");
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Issuer);
        _app = builder.Build();
        string metadata = $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}/jwks","token_endpoint":"{{Issuer}}/token","response_types_supported":[]}""";
        ECParameters p = _key.ExportParameters(false);
        string jwks = $$"""{"keys":[{"kid":"k1","alg":"ES256","use":"sig","kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(p.Q.X!)}}","y":"{{Base64Url.EncodeToString(p.Q.Y!)}}"}]}""";
        _app.MapGet("/.well-known/oauth-authorization-server", () => Results.Text(metadata, "application/json"));
        _app.MapGet("/jwks", () => Results.Text(jwks, "application/json"));
        _app.MapGet("/orders", (HttpContext context) =>
        {
            _accepted.Add(JtiHashOf(context.Request.Headers["DPoP"].ToString()), context.Request.Headers[AcceptedLog.WhoField]);
            return "guard";
        });
    }

    public string Issuer { get; }

    public Task StartAsync() => _app.StartAsync();

    /// <summary>A token for the key with this thumbprint.</summary>
    public string IssueToken(string audience, string jkt, DateTimeOffset now)
    {
        long iat = now.ToUnixTimeSeconds();
        string header = """{"typ":"at+jwt","alg":"ES256","kid":"k1"}""";
        string payload = $$$"""{"iss":"{{{Issuer}}}","sub":"chaos","client_id":"chaos","aud":"{{{audience}}}","iat":{{{iat}}},"exp":{{{iat + 7200}}},"jti":"{{{Guid.NewGuid():N}}}","cnf":{"jkt":"{{{jkt}}}"}}""";
        string input = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256))}";
    }

    /// <summary>The hash that nodes log for the identifier of a proof.</summary>
    public static string JtiHash(string jti) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(jti)));

    private static string JtiHashOf(string proof)
    {
        using var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(proof.Split('.')[1]));
        return JtiHash(payload.RootElement.GetProperty("jti").GetString()!);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _accepted.Dispose();
        _key.Dispose();
    }
}
