using System.Text;
using System.Text.Json;

namespace Holdfast.AspNetCore;

/// <summary>The parts of a compact JWS, read strictly: the form first, then the header; the payload stays bytes until the signature holds.</summary>
internal sealed class CompactJwt
{
    private CompactJwt() { }

    public string? Typ { get; private set; }
    public string? Alg { get; private set; }
    public string? Kid { get; private set; }
    public required byte[] Payload { get; init; }
    public required byte[] Signature { get; init; }
    public required byte[] SigningInput { get; init; }

    /// <summary>Reads, or tells in <paramref name="problem"/> what is wrong with the form.</summary>
    public static CompactJwt? TryParse(string token, out string problem)
    {
        // AT-24, rfc8725bis "Check JWT Format Type": the legal compact form is confirmed before anything is parsed.
        problem = "three parts in canonical base64url, joined by dots";
        if (!CompactJws.TrySplit(token, out CompactJws jws) || StrictBase64Url.Decode(jws.Header) is not { } header || StrictBase64Url.Decode(jws.Payload) is not { } payload
            || StrictBase64Url.Decode(jws.Signature) is not { Length: > 0 } signature)
            return null;
        JsonFault fault = StrictJson.Check(header);
        if (fault == JsonFault.None)
            fault = StrictJson.Check(payload);
        problem = fault == JsonFault.Duplicate ? "each member once" : "JSON objects in UTF-8";
        if (fault != JsonFault.None)
            return null;

        var jwt = new CompactJwt { Payload = payload, Signature = signature, SigningInput = Encoding.ASCII.GetBytes(jws.SigningInput.ToString()) };
        problem = "typ, alg and kid as strings, and no crit";
        return jwt.TryReadHeader(header) ? jwt : null;
    }

    private bool TryReadHeader(byte[] header)
    {
        using var document = JsonDocument.Parse(header);
        JsonElement root = document.RootElement;
        // RFC 7515 §4.1.11: an extension that must be understood is not.
        if (root.TryGetProperty("crit", out _) || !TryRead(root, "typ", out string? typ) || !TryRead(root, "alg", out string? alg)
            || !TryRead(root, "kid", out string? kid))
            return false;
        (Typ, Alg, Kid) = (typ, alg, kid);
        return true;
    }

    // Absent is fine here; another kind than a string is not.
    private static bool TryRead(JsonElement root, string name, out string? value)
    {
        value = root.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return value is not null || member.ValueKind == JsonValueKind.Undefined;
    }
}
