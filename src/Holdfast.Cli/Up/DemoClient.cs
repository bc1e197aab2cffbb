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
    public static DemoClient LoadOrCreate(DataDirectory directory)
    {
        var client = new DemoClient(directory[PemName], directory[JwkName], directory[JwksName]);
        try
        {
            using ECDsa key = File.Exists(client.PemPath) ? Read(client.PemPath) : Create(directory);
            ECParameters parameters = key.ExportParameters(includePrivateParameters: true);
            JsonObject jwk = PublicJwk(parameters);
            string set = new JsonObject { ["keys"] = new JsonArray(jwk.DeepClone()) }.ToJsonString();
            jwk["d"] = Base64Url.EncodeToString(parameters.D);
            Keep(directory, JwkName, jwk.ToJsonString());
            Keep(directory, JwksName, set);
            return client;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            throw new CliException($"The client's key in '{directory.FullPath}' cannot be read ({failure.Message.TrimEnd('.')}); mend its permissions.", failure);
        }
    }

    private static ECDsa Create(DataDirectory directory)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        directory.Write(PemName, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        return key;
    }

    private static ECDsa Read(string path)
    {
        RefuseExposed(path);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
            if (key.KeySize == 256 && key.ExportParameters(includePrivateParameters: true).D is not null)
                return key;
        }
        catch (Exception failure) when (failure is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw Damaged(path, failure);
        }
        key.Dispose();
        throw Damaged(path);
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
        RefuseExposed(path);
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

    private static void RefuseExposed(string path)
    {
        if (!OperatingSystem.IsWindows()
            && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != UnixFileMode.None)
            throw new CliException($"Others may read or change '{path}'; run: chmod 600 '{path}', and delete it to have a new key made if someone may have read it.");
    }

    private static CliException Damaged(string path, Exception? cause = null) =>
        new($"'{path}' is damaged, or not of the client's P-256 key; restore it, or delete {PemName}, {JwkName} and {JwksName} to have a new key made.", cause);
}
