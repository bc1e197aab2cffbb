namespace Holdfast.Issuer;

/// <summary>Client credentials in the <c>Authorization</c> field (RFC 6749 §2.3.1): both parts form-encoded, then joined, then base64.</summary>
internal sealed class BasicCredentials
{
    private const string Scheme = "Basic ";
    private const int MaxLength = 2048;

    private BasicCredentials(string clientId, string secret) => (ClientId, Secret) = (clientId, secret);

    public string ClientId { get; }

    public string Secret { get; }

    public static bool IsBasic(string authorization) => authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>The credentials, or null where they are malformed.</summary>
    public static BasicCredentials? TryParse(string authorization)
    {
        string encoded = authorization[Scheme.Length..];
        if (encoded.Length > MaxLength)
            return null;
        byte[] bytes = new byte[encoded.Length];
        if (encoded.AsSpan().ContainsAny(" \t\r\n") || !Convert.TryFromBase64String(encoded, bytes, out int written))
            return null;
        ReadOnlySpan<byte> pair = bytes.AsSpan(0, written);
        int colon = pair.IndexOf((byte)':');
        byte[] buffer = new byte[written];
        if (colon <= 0 || FormParser.Decode(pair[..colon], buffer) is not { Length: > 0 } clientId
            || FormParser.Decode(pair[(colon + 1)..], buffer) is not { Length: > 0 } secret)
            return null;
        return new(clientId, secret);
    }
}
