using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.Issuer;

/// <summary>Reads the public keys of a client from its JWK set, at start. Problems are reported, never repaired.</summary>
internal static class ClientKeys
{
    /// <summary>More keys than any overlap needs; each may cost a verification where an assertion names none.</summary>
    private const int MaxKeys = 8;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static IReadOnlyList<ClientKey> Read(string setting, IssuerClientOptions options, IReadOnlyList<string> algorithms, List<string> problems)
    {
        if (options.Jwks is null == options.JwksFile is null)
        {
            problems.Add($"{setting}: set exactly one of Jwks and JwksFile: the public keys that private_key_jwt is verified with.");
            return [];
        }
        setting += options.Jwks is null ? ":JwksFile" : ":Jwks";
        try
        {
            using var document = JsonDocument.Parse(options.Jwks ?? File.ReadAllText(options.JwksFile!), Strict);
            return ReadSet(setting, document.RootElement, algorithms, problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{setting}: '{options.JwksFile}' cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            problems.Add($"{setting}: not a JWK set in JSON: {e.Message}");
        }
        return [];
    }

    private static List<ClientKey> ReadSet(string setting, JsonElement root, IReadOnlyList<string> algorithms, List<string> problems)
    {
        var keys = new List<ClientKey>();
        if (root.ValueKind != JsonValueKind.Object)
        {
            problems.Add($"{setting}: not a JSON object.");
            return keys;
        }
        JsonElement[] members = !root.TryGetProperty("keys", out JsonElement set) ? [root]
            : set.ValueKind == JsonValueKind.Array ? [.. set.EnumerateArray()] : [];
        if (members.Length is 0 or > MaxKeys)
            problems.Add($"{setting}: holds {members.Length} keys; 1 to {MaxKeys} are allowed.");
        foreach (JsonElement jwk in members.Take(MaxKeys))
        {
            if (ReadKey(jwk, algorithms, out string problem) is { } key)
                keys.Add(key);
            else
                problems.Add($"{setting}: key {keys.Count}: {problem}");
        }
        if (keys.Where(key => key.Kid is not null).GroupBy(key => key.Kid, StringComparer.Ordinal).Any(group => group.Count() > 1))
            problems.Add($"{setting}: two keys have the same kid.");
        return keys;
    }

    private static ClientKey? ReadKey(JsonElement element, IReadOnlyList<string> algorithms, out string problem)
    {
        problem = "not a JSON object.";
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        problem = "has private members; register the public key only, and treat this one as leaked.";
        if (PrivateMembers.Any(member => element.TryGetProperty(member, out _)))
            return null;
        try
        {
            var jwk = new JsonWebKey(element.GetRawText());
            problem = $"has use '{jwk.Use}'; a key for signatures is needed.";
            if (jwk.Use is not (null or "" or "sig"))
                return null;
            problem = $"kty '{jwk.Kty}' with crv '{jwk.Crv}' or size is not supported (EC P-256, P-384, P-521; RSA 2048 to 4096 bits).";
            if (!TryImport(jwk, out AsymmetricSecurityKey? key))
                return null;
            // AT-17, RFC 8725 §3.1: one algorithm a key. A curve allows one only; an RSA key that names none gets the first that is allowed.
            string[] usable = [.. algorithms.Where(algorithm => Fits(jwk, algorithm)).Take(1)];
            problem = $"fits none of the allowed algorithms ({string.Join(", ", algorithms)}).";
            if (usable.Length == 0)
                return null;
            var factory = new CryptoProviderFactory { CacheSignatureProviders = false };
            return new(string.IsNullOrEmpty(jwk.Kid) ? null : jwk.Kid,
                usable.ToDictionary(algorithm => algorithm, algorithm => factory.CreateForVerifying(key, algorithm), StringComparer.Ordinal));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException or JsonException
            or NotSupportedException or SecurityTokenException)
        {
            problem = $"is not a valid public key: {e.Message}";
            return null;
        }
    }

    private static bool TryImport(JsonWebKey jwk, out AsymmetricSecurityKey? key)
    {
        key = null;
        if (jwk.Kty is not ("EC" or "RSA") || !JsonWebKeyConverter.TryConvertToSecurityKey(jwk, out SecurityKey converted))
            return false;
        // Exporting makes the platform look at the parameters: a point off the curve fails here, at start.
        switch (converted)
        {
            case ECDsaSecurityKey ec:
                ec.ECDsa.ExportParameters(includePrivateParameters: false);
                key = ec;
                return true;
            case RsaSecurityKey { KeySize: >= 2048 and <= 4096 } rsa:
                key = rsa;
                return true;
            default:
                return false;
        }
    }

    // RFC 8725 §3.1: an algorithm is used with the key type and curve it is meant for, and a key that names its algorithm with that one.
    private static bool Fits(JsonWebKey jwk, string algorithm) =>
        (string.IsNullOrEmpty(jwk.Alg) || string.Equals(jwk.Alg, algorithm, StringComparison.Ordinal)) && algorithm switch
        {
            "ES256" => jwk.Crv is "P-256",
            "ES384" => jwk.Crv is "P-384",
            "ES512" => jwk.Crv is "P-521",
            _ => jwk.Kty is "RSA",
        };
}
