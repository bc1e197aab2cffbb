using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>
/// The client with a certificate that is robbed too. It does what RFC 8705 asks: it authenticates by its certificate at the alias endpoint, and
/// calls the API over connections that present the same one. With a proof beside, its tokens are bound to both.
/// </summary>
internal sealed class CertificateClient(
    DrillTarget target, string tokenEndpoint, X509Certificate2 certificate, SigningKey key, RawHttpClient http, TimeProvider timeProvider)
{
    private readonly ProofBuilder _proofs = new(key);
    private string? _issuerNonce;

    public string TokenEndpoint => tokenEndpoint;

    public X509Certificate2 Certificate => certificate;

    /// <summary>The form of its token request: nothing in it is secret.</summary>
    public string TokenForm => TokenRequest(withProof: false).Body!;

    /// <summary>The nonce that the API gave last; null where it never gave one.</summary>
    public string? Nonce { get; private set; }

    // RFC 8705 §3.1: base64url of the SHA-256 of the DER octets.
    private string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    /// <summary>A token bound to the certificate.</summary>
    public async Task<string> ObtainTokenAsync(CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(TokenRequest(withProof: false), cancellationToken);
        var token = AccessToken(response, "Bearer")
            ?? throw new DrillFailedException($"the client with a certificate got no token: {tokenEndpoint} answered {Answer(response)}");
        return Confirms(token, "x5t#S256", Thumbprint)
            ? token
            : throw new DrillFailedException("the issuer gave a token that is not bound to the certificate: its cnf has not the certificate's x5t#S256");
    }

    /// <summary>A token bound to the certificate and to a key, or null and why the issuer gives none.</summary>
    public async Task<(string? Token, string? Why)> ObtainTokenBoundToBothAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await http.SendAsync(TokenRequest(withProof: true), cancellationToken);
            _issuerNonce = response.DPoPNonce ?? _issuerNonce;
            if (response.Error == "use_dpop_nonce" && attempt == 1)
                continue;
            var token = AccessToken(response, "DPoP");
            return token is not null && Confirms(token, "x5t#S256", Thumbprint)
                ? (token, null)
                : (null, $"{tokenEndpoint} answered {Answer(response)}");
        }
    }

    /// <summary>Calls the API with a token bound to the certificate, and returns the request that was let in.</summary>
    public async Task<RawRequest> CallAsync(string path, string token, CancellationToken cancellationToken)
    {
        var request = Request(path, "Bearer", token);
        var response = await http.SendAsync(request, cancellationToken);
        return response.IsSuccess ? request : throw new DrillFailedException(Refusal(path, response));
    }

    /// <summary>The same with a token bound to both.</summary>
    public async Task<RawRequest> CallWithProofAsync(string path, string token, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = Request(path, "DPoP", token).With("DPoP", Proof(path, token).ToString());
            var response = await http.SendAsync(request, cancellationToken);
            Nonce = response.DPoPNonce ?? Nonce;
            if (response.IsSuccess)
                return request;
            if (attempt == 2 || response.Error != "use_dpop_nonce")
                throw new DrillFailedException(Refusal(path, response));
        }
    }

    /// <summary>A correct proof that nobody has delivered yet.</summary>
    public CompactJws Proof(string path, string token) =>
        _proofs.Build("GET", target.MtlsOrigin + path, timeProvider.GetUtcNow(), token, Nonce);

    // MTLS-02, RFC 8705 §2: client_id is in the form, because the certificate alone does not say which client it is.
    private RawRequest TokenRequest(bool withProof)
    {
        var form = new List<string> { "grant_type=client_credentials", $"client_id={Uri.EscapeDataString(target.MtlsClientId!)}" };
        if (!string.IsNullOrEmpty(target.Scope))
            form.Add($"scope={Uri.EscapeDataString(target.Scope)}");
        if (Uri.IsWellFormedUriString(target.Audience, UriKind.Absolute))
            form.Add($"resource={Uri.EscapeDataString(target.Audience)}");
        var request = RawRequest.Form(tokenEndpoint, string.Join('&', form)) with { Certificate = certificate };
        return withProof
            ? request.With("DPoP", _proofs.Build("POST", tokenEndpoint, timeProvider.GetUtcNow(), accessToken: null, _issuerNonce).ToString())
            : request;
    }

    private RawRequest Request(string path, string scheme, string token) =>
        new(target.MtlsOrigin!, "GET", path, [new("Accept", "application/json"), new("Authorization", $"{scheme} {token}")]) { Certificate = certificate };

    // A token that is no JWT says nothing about its binding; then the attacks alone show it.
    private static bool Confirms(string token, string member, string expected)
    {
        try
        {
            return (string?)CompactJws.Parse(token).PayloadObject["cnf"]?[member] == expected;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return token.Count(character => character == '.') != 2;
        }
    }

    private static string? AccessToken(RawResponse response, string type)
    {
        try
        {
            return response.IsSuccess && JsonNode.Parse(response.Body) is JsonObject answer
                && string.Equals((string?)answer["token_type"], type, StringComparison.OrdinalIgnoreCase)
                ? (string?)answer["access_token"]
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private string Refusal(string path, RawResponse response) => response is { Status: 0, IsAlert: false }
        ? $"nothing answers at {target.MtlsOrigin}{path}, or its certificate is not trusted"
        : $"the honest call GET {target.MtlsOrigin}{path} with the client's certificate was refused with {Answer(response)}";

    private static string Answer(RawResponse response) => response.IsAlert
        ? "a TLS alert"
        : $"{response.Status.ToString(CultureInfo.InvariantCulture)} {response.Error}".TrimEnd();
}
