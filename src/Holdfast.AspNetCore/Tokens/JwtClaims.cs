using System.Security.Claims;
using System.Text;
using System.Text.Json;

namespace Holdfast.AspNetCore;

/// <summary>The claims of an access token, read once and strictly: a member that occurs twice would mean different things to different readers.</summary>
internal sealed class JwtClaims
{
    private readonly Dictionary<string, string> _strings = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _numbers = new(StringComparer.Ordinal);

    private JwtClaims() { }

    public List<Claim> Claims { get; } = [];
    public List<string> Audiences { get; } = [];

    /// <summary>The raw <c>cnf</c> member, or empty where there is none.</summary>
    public ReadOnlyMemory<byte> Confirmation { get; private set; }

    /// <summary>A claim that is a string, or null.</summary>
    public string? String(string name) => _strings.GetValueOrDefault(name);

    /// <summary>A claim that is a time in seconds since the epoch (RFC 7519 §2), or null.</summary>
    public DateTimeOffset? Time(string name) =>
        _numbers.TryGetValue(name, out double seconds) && seconds is >= 0 and <= 253_402_300_799
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)(seconds * 1000))
            : null;

    /// <summary>True where the claim is there, of whatever kind.</summary>
    public bool Has(string name) => Claims.Exists(claim => claim.Type == name);

    /// <summary>The <c>iss</c> of JSON that <see cref="StrictJson"/> found good, without reading more than its way there; null where it is no string.</summary>
    public static string? ReadIssuer(byte[] payload)
    {
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isIssuer = reader.ValueTextEquals("iss"u8);
            reader.Read();
            if (isIssuer)
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            reader.Skip();
        }
        return null;
    }

    /// <summary>Reads JSON that <see cref="StrictJson"/> found good.</summary>
    public static JwtClaims Read(byte[] payload, string issuer)
    {
        var claims = new JwtClaims();
        var reader = new Utf8JsonReader(payload);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            claims.Read(name, issuer, payload, ref reader);
        }
        return claims;
    }

    private void Read(string name, string issuer, byte[] payload, ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (name == "aud" && reader.TokenType == JsonTokenType.String)
                    Audiences.Add(reader.GetString()!);
                ReadValue(name, issuer, payload, ref reader);
            }
        }
        else
        {
            if (reader.TokenType == JsonTokenType.String)
                _strings[name] = reader.GetString()!;
            else if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number))
                _numbers[name] = number;
            if (name == "aud" && reader.TokenType == JsonTokenType.String)
                Audiences.Add(_strings[name]);
            ReadValue(name, issuer, payload, ref reader);
        }
        if (name == "cnf")
            Confirmation = payload.AsMemory(start, (int)reader.BytesConsumed - start);
    }

    private void ReadValue(string name, string issuer, byte[] payload, ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when name == "scope":
                // One claim a value, so that RequireClaim("scope", "orders.read") means what it says.
                foreach (string scope in reader.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    Add(name, scope, ClaimValueTypes.String, issuer);
                break;
            case JsonTokenType.String:
                Add(name, reader.GetString()!, ClaimValueTypes.String, issuer);
                break;
            case JsonTokenType.Number:
                Add(name, Encoding.UTF8.GetString(reader.ValueSpan), reader.TryGetInt64(out _) ? ClaimValueTypes.Integer64 : ClaimValueTypes.Double, issuer);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                Add(name, reader.GetBoolean() ? "true" : "false", ClaimValueTypes.Boolean, issuer);
                break;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                reader.Skip();
                Add(name, Encoding.UTF8.GetString(payload.AsSpan(start, (int)reader.BytesConsumed - start)), "JSON", issuer);
                break;
            default:
                break;
        }
    }

    private void Add(string name, string value, string type, string issuer) => Claims.Add(new Claim(name, value, type, issuer));
}
