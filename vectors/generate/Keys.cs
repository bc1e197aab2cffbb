using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Vectors;

/// <summary>The test keys by what they are for.</summary>
internal static class Keys
{
    private static readonly (string Name, string Kind)[] All =
    [
        ("client-p256", "P-256"), ("client-p384", "P-384"), ("client-p521", "P-521"), ("client-rsa2048", "2048"), ("client-rsa4096", "4096"),
        ("client-rsa1024", "1024"), ("client-rsa5120", "5120"), ("thief-p256", "P-256"), ("issuer-p256", "P-256"), ("issuer-rsa2048", "2048"),
        ("stranger-p256", "P-256"),
    ];

    private static readonly Dictionary<string, TestKey> Loaded = [];

    public static TestKey Client => Loaded["client-p256"];
    public static TestKey ClientP384 => Loaded["client-p384"];
    public static TestKey ClientP521 => Loaded["client-p521"];
    public static TestKey ClientRsa => Loaded["client-rsa2048"];
    public static TestKey ClientRsa4096 => Loaded["client-rsa4096"];
    public static TestKey ClientRsa1024 => Loaded["client-rsa1024"];
    public static TestKey ClientRsa5120 => Loaded["client-rsa5120"];
    public static TestKey Thief => Loaded["thief-p256"];
    public static TestKey Issuer => Loaded["issuer-p256"];
    public static TestKey IssuerRsa => Loaded["issuer-rsa2048"];
    public static TestKey Stranger => Loaded["stranger-p256"];

    public static void Load(string folder)
    {
        foreach ((string name, string kind) in All)
        {
            string path = Path.Combine(folder, name + ".json");
            if (!File.Exists(path))
            {
                var file = new JsonObject { ["warning"] = "A published test key. Never use it for anything else.", ["jwk"] = TestKey.Create(kind) };
                File.WriteAllText(path, file.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
            }
            Loaded[name] = TestKey.Load(path);
        }
    }
}
