using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>The test certificates by what they are for.</summary>
internal static class Certificates
{
    private const long Day = 24 * 60 * 60;

    private static readonly Dictionary<string, TestCertificate> Loaded = [];

    public static TestCertificate Client => Loaded["client"];

    /// <summary>Another certificate of the client's, with the same key.</summary>
    public static TestCertificate Renewed => Loaded["renewed"];

    /// <summary>With the client's subject and a key of his own.</summary>
    public static TestCertificate Thief => Loaded["thief"];

    public static TestCertificate Rsa => Loaded["rsa"];

    /// <summary>Its last second is <see cref="Scene.Start"/>.</summary>
    public static TestCertificate Ending => Loaded["ending"];

    /// <summary>Its first second is 60 s after <see cref="Scene.Start"/>.</summary>
    public static TestCertificate Beginning => Loaded["beginning"];

    public static TestCertificate Expired => Loaded["expired"];
    public static TestCertificate Root => Loaded["root"];
    public static TestCertificate Intermediate => Loaded["intermediate"];

    /// <summary>Issued by <see cref="Intermediate"/>, which <see cref="Root"/> issued.</summary>
    public static TestCertificate Issued => Loaded["issued"];

    public static void Load(string folder)
    {
        Add("client", "P-256", "CN=orders-client", -30 * Day, 335 * Day);
        Add("renewed", null, "CN=orders-client", -Day, 364 * Day, key: "client");
        Add("thief", "P-256", "CN=orders-client", -30 * Day, 335 * Day);
        Add("rsa", "2048", "CN=orders-client", -30 * Day, 335 * Day);
        Add("ending", "P-256", "CN=orders-client", -30 * Day, 0);
        Add("beginning", "P-256", "CN=orders-client", 60, 365 * Day);
        Add("expired", "P-256", "CN=orders-client", -395 * Day, -30 * Day);
        Add("root", "P-256", "CN=Example Root", -300 * Day, 3000 * Day, isAuthority: true);
        Add("intermediate", "P-256", "CN=Example Intermediate", -200 * Day, 2000 * Day, issuer: "root", isAuthority: true);
        Add("issued", "P-256", "CN=orders-client, O=Example", -30 * Day, 335 * Day, issuer: "intermediate");

        void Add(string name, string? kind, string subject, long notBefore, long notAfter, string? key = null, string? issuer = null, bool isAuthority = false)
        {
            string path = Path.Combine(folder, $"certificate-{name}.json");
            if (!File.Exists(path))
            {
                JsonObject jwk = kind is null ? Loaded[key!].Key.Jwk.DeepClone().AsObject() : TestKey.Create(kind);
                string text;
                do
                {
                    text = Convert.ToBase64String(TestCertificate.Create(new TestKey(name, jwk), subject, Scene.Start + notBefore, Scene.Start + notAfter, issuer is null ? null : Loaded[issuer], isAuthority));
                }
                // The cases about spelling need every letter that can be spelled in two ways.
                while (!text.EndsWith('=') || !text.Contains('+') || !text.Contains('/'));
                var file = new JsonObject { ["warning"] = "A published test key. Never use it for anything else.", ["jwk"] = jwk, ["certificate"] = text };
                File.WriteAllText(path, file.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
            }
            Loaded[name] = TestCertificate.Load(path);
        }
    }
}
