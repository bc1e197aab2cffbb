using System.Text.Json;

namespace Holdfast;

/// <summary>
/// The binding of a token: the <c>cnf</c> claim (RFC 7800 §3.1, RFC 9449 §6.1, RFC 8705 §3.1). Read from the token, never from the scheme the
/// caller chose. An unknown member, an empty or non-object <c>cnf</c> is refused, which is stricter than RFC 7800.
/// </summary>
public sealed record Confirmation
{
    /// <summary>No <c>cnf</c>: a bearer token.</summary>
    public static readonly Confirmation None = new();

    /// <summary>The thumbprint of the DPoP key (RFC 7638, SHA-256), or null.</summary>
    public JwkThumbprint? Jkt { get; init; }

    /// <summary>The thumbprint of the client certificate: the <c>x5t#S256</c> member (RFC 8705 §3.1), or null.</summary>
    public CertificateThumbprint? X5tS256 { get; init; }

    /// <summary>True where the token is bound to anything.</summary>
    public bool IsBound => Jkt is not null || X5tS256 is not null;

    /// <summary>Reads the JSON value of a <c>cnf</c> claim; false and the failure where it cannot be enforced.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out Confirmation confirmation, out VerificationFailure failure)
    {
        confirmation = None;
        failure = VerificationFailure.ConfirmationMalformed;
        if (StrictJson.Check(json) != JsonFault.None)
            return false;
        JwkThumbprint? jkt = null;
        CertificateThumbprint? x5t = null;
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isJkt = reader.ValueTextEquals("jkt"u8), isX5t = reader.ValueTextEquals("x5t#S256"u8);
            if (!isJkt && !isX5t)
            {
                // DPOP-RS-23, RFC 7800 §3.1: a member that cannot be enforced fails closed.
                failure = VerificationFailure.ConfirmationUnsupported;
                return false;
            }
            // DPOP-V-39, MTLS-20, RFC 9449 §6.1, RFC 8705 §3.1: 43 characters of canonical base64url; both members are SHA-256 hashes.
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                return false;
            string? text = reader.GetString();
            if (isJkt && JwkThumbprint.TryParse(text, out JwkThumbprint key))
                jkt = key;
            else if (isX5t && CertificateThumbprint.TryParse(text, out CertificateThumbprint certificate))
                x5t = certificate;
            else
                return false;
        }
        if (jkt is null && x5t is null)
            return false;
        confirmation = new() { Jkt = jkt, X5tS256 = x5t };
        return true;
    }
}
