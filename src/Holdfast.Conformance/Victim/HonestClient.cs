using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>
/// The client that is robbed. It does what RFC 9449 asks: a proof a request, nonces kept per server, one retry with a fresh proof. It also
/// makes what a thief may intercept before it is delivered.
/// </summary>
internal sealed class HonestClient(DrillTarget target, SigningKey key, RawHttpClient http, TimeProvider timeProvider)
{
    private readonly ProofBuilder _proofs = new(key);
    private string? _issuerNonce;

    public string TokenEndpoint { get; private set; } = "";

    /// <summary>Where clients with certificates get tokens: the alias, or the same (RFC 8705 §5).</summary>
    public string MtlsTokenEndpoint { get; private set; } = "";

    public string MetadataUrl { get; } = WellKnown(target.Issuer);

    /// <summary>The nonce that the API gave last; null where it never gave one.</summary>
    public string? Nonce { get; private set; }

    /// <summary>The token request as it was sent and answered with a token.</summary>
    public RawRequest? DeliveredTokenRequest { get; private set; }

    // RFC 8414 §3.3: the issuer in the document is the issuer that was asked.
    public async Task DiscoverAsync(CancellationToken cancellationToken)
    {
        var url = new Uri(MetadataUrl);
        var request = new RawRequest(url.GetLeftPart(UriPartial.Authority), "GET", url.AbsolutePath, [new("Accept", "application/json")]);
        var response = await http.SendAsync(request, cancellationToken);
        if (response.Status == 0)
            throw new DrillFailedException($"nothing answers at {MetadataUrl}");
        var metadata = Json(response) ?? throw new DrillFailedException($"{MetadataUrl} answered {Number(response)} and no metadata");
        if ((string?)metadata["issuer"] != target.Issuer)
            throw new DrillFailedException($"{MetadataUrl} speaks for another issuer");
        TokenEndpoint = (string?)metadata["token_endpoint"] is { } endpoint && Uri.IsWellFormedUriString(endpoint, UriKind.Absolute)
            ? endpoint
            : throw new DrillFailedException($"{MetadataUrl} names no token endpoint");
        // MTLS-35, RFC 8705 §5: the alias where there is one.
        MtlsTokenEndpoint = (string?)(metadata["mtls_endpoint_aliases"] as JsonObject)?["token_endpoint"] is { } alias
            && Uri.IsWellFormedUriString(alias, UriKind.Absolute)
                ? alias
                : TokenEndpoint;
    }

    public async Task<string> ObtainTokenAsync(CancellationToken cancellationToken)
    {
        var request = TokenRequest();
        var response = await http.SendAsync(request, cancellationToken);
        _issuerNonce = response.DPoPNonce ?? _issuerNonce;
        if (response.Error == "use_dpop_nonce")
        {
            // RFC 9449 §8: once more, with the nonce, a fresh proof and a fresh assertion.
            request = TokenRequest();
            response = await http.SendAsync(request, cancellationToken);
            _issuerNonce = response.DPoPNonce ?? _issuerNonce;
        }

        var answer = Json(response);
        if (!response.IsSuccess || (string?)answer?["access_token"] is not { } token)
            throw new DrillFailedException($"the client got no token: {TokenEndpoint} answered {Answer(response)}");
        if (!string.Equals((string?)answer["token_type"], "DPoP", StringComparison.OrdinalIgnoreCase))
            throw new DrillFailedException("the issuer gave a token that is not bound: token_type is not DPoP");
        DeliveredTokenRequest = request;
        return token;
    }

    /// <summary>Calls the API and returns the request that was let in, as sent, with the answer.</summary>
    public async Task<(RawRequest Request, RawResponse Response)> CallAsync(
        string method, string path, string token, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var request = Deliverable(token, Proof(method, path, token), method, path);
            var response = await http.SendAsync(request, cancellationToken);
            Nonce = response.DPoPNonce ?? Nonce;
            if (response.IsSuccess)
                return (request, response);
            if (attempt == 2 || response.Error != "use_dpop_nonce")
                throw new DrillFailedException(Refusal(method, path, response));
        }
    }

    /// <summary>A correct proof that nobody has delivered yet.</summary>
    public CompactJws Proof(string method, string path, string token, DateTimeOffset? issuedAt = null, bool withNonce = true) =>
        _proofs.Build(method, target.Origin + path, issuedAt ?? timeProvider.GetUtcNow(), token, withNonce ? Nonce : null);

    /// <summary>A correct token request that nobody has delivered yet.</summary>
    public RawRequest TokenRequest()
    {
        var now = timeProvider.GetUtcNow();
        var proof = _proofs.Build("POST", TokenEndpoint, now, accessToken: null, _issuerNonce);
        var form = new List<(string Name, string Value)>
        {
            ("grant_type", "client_credentials"),
            ("client_id", target.ClientId),
            ("client_assertion_type", ClientAssertion.Type),
            ("client_assertion", ClientAssertion.Build(key, target.ClientId, target.Issuer, now).ToString()),
        };
        if (!string.IsNullOrEmpty(target.Scope))
            form.Add(("scope", target.Scope));
        if (Uri.IsWellFormedUriString(target.Audience, UriKind.Absolute))
            form.Add(("resource", target.Audience));

        return RawRequest.Form(TokenEndpoint, string.Join('&', form.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}")))
            .With("DPoP", proof.ToString());
    }

    private RawRequest Deliverable(string token, CompactJws proof, string method, string path) => new(
        target.Origin,
        method,
        path,
        [new("Accept", "application/json"), new("Authorization", $"DPoP {token}"), new("DPoP", proof.ToString())]);

    private string Refusal(string method, string path, RawResponse response) => response.Status == 0
        ? $"nothing answers at {target.Origin}{path}"
        : $"the honest call {method} {target.Origin}{path} was refused with {Answer(response)}";

    // 503 is what a server says that cannot yet tell new proofs from replayed ones, right after its start.
    private static string Answer(RawResponse response) =>
        $"{Number(response)} {response.Error}".TrimEnd() + (response.Status == 503 ? "; try again in a minute" : "");

    private static string Number(RawResponse response) => response.Status.ToString(CultureInfo.InvariantCulture);

    private static JsonObject? Json(RawResponse response)
    {
        try
        {
            return JsonNode.Parse(response.Body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // RFC 8414 §3.1: the well-known part goes between the host and the path of the issuer.
    private static string WellKnown(string issuer)
    {
        var url = new Uri(issuer);
        return url.GetLeftPart(UriPartial.Authority) + "/.well-known/oauth-authorization-server" + url.AbsolutePath.TrimEnd('/');
    }
}
