using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.Issuer;

/// <summary>
/// Reads the public keys of a client from its JWK set. What an operator wrote must be right as a whole; of what a client publishes, keys of other
/// kinds and uses are left out, and none left is an answer too: the client has withdrawn them.
/// </summary>
internal sealed class ClientKeySetReader(bool isForCertificates, IReadOnlyList<string> algorithms)
{
    /// <summary>More keys than any overlap needs; each may cost a verification where an assertion names none.</summary>
    public const int MaxKeys = 8;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    private readonly List<ClientKey> _keys = [];
    private readonly List<RegisteredCertificate> _certificates = [];

    /// <summary>The set, and everything that is wrong with it: with the whole, or with one key of it, which is then left out.</summary>
    public static ClientKeySet Read(string json, bool isForCertificates, IReadOnlyList<string> algorithms, out IReadOnlyList<string> faults,
        out IReadOnlyList<string> keyFaults)
    {
        var reader = new ClientKeySetReader(isForCertificates, algorithms);
        (List<string> whole, List<string> single) = ([], []);
        (faults, keyFaults) = (whole, single);
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            reader.ReadSet(document.RootElement, whole, single);
        }
        catch (JsonException e)
        {
            whole.Add($"not a JWK set in JSON: {e.Message}");
        }
        return new(reader._keys, reader._certificates);
    }

    private void ReadSet(JsonElement root, List<string> faults, List<string> keyFaults)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            faults.Add("not a JSON object.");
            return;
        }
        bool isSet = root.TryGetProperty("keys", out JsonElement set);
        if (isSet && set.ValueKind != JsonValueKind.Array)
            faults.Add("keys is not an array.");
        JsonElement[] members = !isSet ? [root] : set.ValueKind == JsonValueKind.Array ? [.. set.EnumerateArray()] : [];
        if (members.Length > MaxKeys)
            faults.Add($"holds {members.Length} keys; {MaxKeys} at most are allowed.");
        for (int i = 0; i < Math.Min(members.Length, MaxKeys); i++)
        {
            if (!TryReadKey(members[i], out string problem))
                keyFaults.Add($"key {i}: {problem}");
        }
        if (_keys.Where(key => key.Kid is not null).GroupBy(key => key.Kid, StringComparer.Ordinal).Any(group => group.Count() > 1))
            faults.Add("two keys have the same kid.");
    }

    private bool TryReadKey(JsonElement element, out string problem)
    {
        problem = "not a JSON object.";
        if (element.ValueKind != JsonValueKind.Object)
            return false;
        problem = "has private members; register the public key only, and treat this one as leaked.";
        if (PrivateMembers.Any(member => element.TryGetProperty(member, out _)))
            return false;
        try
        {
            var jwk = new JsonWebKey(element.GetRawText());
            problem = $"has use '{jwk.Use}'; a key for signatures is needed.";
            if (jwk.Use is not (null or "" or "sig"))
                return false;
            problem = $"kty '{jwk.Kty}' with crv '{jwk.Crv}', size or members is not supported (EC P-256, P-384, P-521 with x and y; RSA 2048 to 4096 bits with n and e).";
            if (PublicMembers.Import(jwk) is not { } key)
                return false;
            return isForCertificates ? TryAddCertificate(jwk, key, out problem) : TryAddKey(jwk, key, out problem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException or JsonException
            or NotSupportedException or SecurityTokenException)
        {
            problem = $"is not a valid public key: {e.Message}";
            return false;
        }
    }

    private bool TryAddKey(JsonWebKey jwk, AsymmetricSecurityKey key, out string problem)
    {
        // AT-17, RFC 8725 §3.1: one algorithm a key. A curve allows one only; an RSA key that names none gets the first that is allowed.
        string[] usable = [.. algorithms.Where(algorithm => Fits(jwk, algorithm)).Take(1)];
        problem = $"fits none of the allowed algorithms ({string.Join(", ", algorithms)}).";
        if (usable.Length == 0)
            return false;
        var factory = new CryptoProviderFactory { CacheSignatureProviders = false };
        _keys.Add(new(string.IsNullOrEmpty(jwk.Kid) ? null : jwk.Kid,
            usable.ToDictionary(algorithm => algorithm, algorithm => factory.CreateForVerifying(key, algorithm), StringComparer.Ordinal)));
        return true;
    }

    // MTLS-14, MTLS-15, RFC 8705 §2.2.2, RFC 7517 §4.7: the certificate is the first of x5c, in base64 as it is, and its key is the one in the
    // other members, which must be there.
    private bool TryAddCertificate(JsonWebKey jwk, AsymmetricSecurityKey key, out string problem)
    {
        problem = "has no certificate in x5c; self_signed_tls_client_auth compares certificates.";
        if (jwk.X5c.Count == 0)
            return false;
        problem = $"has no DER certificate of at most {ClientCertificate.MaxLength} octets, in base64, as the first of x5c.";
        byte[] der = new byte[ClientCertificate.MaxLength];
        if (jwk.X5c[0] is not { } text || !Convert.TryFromBase64String(text, der, out int length)
            || ClientCertificate.TryRead(der.AsMemory(0, length)) is not { } certificate)
            return false;
        problem = "has another public key than the first certificate in x5c.";
        if (!PublicMembers.Export(certificate.Der).AsSpan().SequenceEqual(PublicMembers.Export(key)))
            return false;
        _certificates.Add(new(certificate.Thumbprint, certificate.NotBefore, certificate.NotAfter));
        return true;
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
