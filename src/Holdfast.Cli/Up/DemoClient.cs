using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>
/// The machine identity that a first start makes and registers: a P-256 key as PEM and as private JWK, for clients of any kind, and
/// the public key set that the issuer registers. The PEM decides; the other two are made from it where they are missing.
/// </summary>
internal sealed record DemoClient(string PemPath, string JwkPath, string JwksPath)
{
    public const string ClientId = "orders-client";
    public const string Scope = "orders:read orders:write";
    public const string PemName = "client-key.pem";
    public const string JwkName = "client-key.jwk.json";
    public const string JwksName = "client-jwks.json";

    /// <summary>The client of this directory; made on the first start. A file that is damaged or exposed is a <see cref="CliException"/>.</summary>
    public static DemoClient LoadOrCreate(DataDirectory directory) => LoadOrCreate(directory, PemName, JwkName, JwksName);

    /// <summary>The same for another client, whose files have other names.</summary>
    public static DemoClient LoadOrCreate(DataDirectory directory, string pemName, string jwkName, string jwksName)
    {
        var client = new DemoClient(directory[pemName], directory[jwkName], directory[jwksName]);
        try
        {
            using ECDsa key = P256KeyFile.LoadOrCreate(directory, pemName, Damaged);
            ECParameters parameters = key.ExportParameters(includePrivateParameters: true);
            JsonObject jwk = PublicJwk(parameters);
            string set = new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) }.ToJsonString();
            jwk["d"] = Base64Url.EncodeToString(parameters.D);
            Keep(directory, jwkName, jwk.ToJsonString());
            Keep(directory, jwksName, set);
            return client;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new CliException($"The client's key in '{directory.FullPath}' cannot be read ({failure.Message.TrimEnd('.')}); mend its permissions.", failure);
        }
    }

    // What is there and right stays untouched; what differs from the key is damaged, because only this program writes it.
    private static void Keep(DataDirectory directory, string name, string content)
    {
        string path = directory[name];
        if (!File.Exists(path))
        {
            directory.Write(name, Encoding.ASCII.GetBytes(content + "\n"));
            return;
        }
        DataDirectory.RefuseExposedFile(path);
        if (!IsSame(File.ReadAllText(path), content))
            throw Damaged(path);
    }

    private static bool IsSame(string stored, string content)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(stored), JsonNode.Parse(content));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonObject PublicJwk(ECParameters key)
    {
        string x = Base64Url.EncodeToString(key.Q.X), y = Base64Url.EncodeToString(key.Q.Y);
        // RFC 7638: the thumbprint is a good name for a key.
        byte[] hash = SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}"""));
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = x,
            ["y"] = y,
            ["kid"] = Base64Url.EncodeToString(hash),
            ["alg"] = "ES256",
            ["use"] = "sig",
        };
    }

    private static CliException Damaged(string path, Exception? cause = null)
    {
        (string pem, string jwk, string jwks) = AdminClient.IsFile(path) ? (AdminClient.PemName, AdminClient.JwkName, AdminClient.JwksName) : (PemName, JwkName, JwksName);
        return new($"'{path}' is damaged, or not of the client's P-256 key; restore it, or delete {pem}, {jwk} and {jwks} to have a new key made.", cause);
    }
}
