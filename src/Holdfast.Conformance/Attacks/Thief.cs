using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>The thief: his loot, a key of his own, what he learned from the answers he got, and what he intercepted on its way.</summary>
internal sealed class Thief(DrillTarget target, Loot loot, Interception intercepted, SigningKey key, DrillOptions options)
{
    public Loot Loot { get; private set; } = loot;

    public Interception Intercepted => intercepted;

    public SigningKey Key => key;

    /// <summary>What he has of the client with a certificate; null where the target names none.</summary>
    public CertificateThief? Certificates { get; init; }

    public ProofBuilder Proofs { get; } = new(key);

    public DrillOptions Options => options;

    public DateTimeOffset Now => options.TimeProvider.GetUtcNow();

    /// <summary>The nonce that the API offered last, to anyone.</summary>
    public string? Nonce { get; private set; } = (string?)loot.Proof.PayloadObject["nonce"];

    /// <summary>The nonce that the issuer offered last.</summary>
    public string? IssuerNonce { get; private set; }

    /// <summary>The client's public key, read from the header of its proof.</summary>
    public JsonObject VictimJwk => Loot.Proof.HeaderObject["jwk"]!.AsObject().DeepClone().AsObject();

    /// <summary>Another URL of the API that really exists.</summary>
    public string OtherPath => $"{Loot.Path}/{intercepted.OrderId}";

    public string Url(string path) => target.Origin + path;

    /// <summary>Correct claims for a request of the thief's, in everything but the key.</summary>
    public JsonObject Claims(string? method = null, string? path = null) =>
        ProofBuilder.Claims(method ?? Loot.Method, Url(path ?? Loot.Path), Now, Loot.Token, Nonce);

    /// <summary>The stolen token by the DPoP scheme, without a proof.</summary>
    public RawRequest WithoutProof(string? method = null, string? path = null)
    {
        method ??= Loot.Method;
        var request = new RawRequest(target.Origin, method, path ?? Loot.Path, [new("Accept", "application/json"), new("Authorization", $"DPoP {Loot.Token}")]);
        return method == "POST"
            ? request.With("Content-Type", "application/json") with { Body = """{"item":"loot","quantity":1}""" }
            : request;
    }

    /// <summary>The stolen token by the DPoP scheme, with a proof.</summary>
    public RawRequest With(CompactJws proof, string? method = null, string? path = null) =>
        WithoutProof(method, path).With("DPoP", proof.ToString());

    /// <summary>A request to the token endpoint with that form, and a proof by the thief's key.</summary>
    public RawRequest ToIssuer(string form, bool withProof)
    {
        var request = RawRequest.Form(intercepted.TokenEndpoint, form);
        return withProof ? WithProof(request, intercepted.TokenEndpoint) : request;
    }

    /// <summary>That token request with a correct proof by the thief's key.</summary>
    public RawRequest WithProof(RawRequest request, string tokenEndpoint) =>
        request.With("DPoP", Proofs.Build("POST", tokenEndpoint, Now, accessToken: null, IssuerNonce).ToString());

    /// <summary>A correct proof by the thief's key for a call with that token to the API for clients with certificates.</summary>
    public CompactJws ProofAtMtlsResource(string token) => Proofs.Build("GET", Certificates!.Url, Now, token, Nonce);

    /// <summary>Waits for the client's next call and steals from it, because what was captured before is stale by now.</summary>
    public async Task StealAgainAsync(CancellationToken cancellationToken) =>
        Loot = Loot.From(await intercepted.ClientGoesOn(cancellationToken));

    /// <summary>Keeps the nonce of an answer, as any caller would.</summary>
    public void Learn(RawRequest request, RawResponse response)
    {
        var isAtApi = (request.Origin == target.Origin || request.Origin == target.MtlsOrigin) && request.Target.Contains("/orders", StringComparison.Ordinal);
        if (!isAtApi)
            IssuerNonce = response.DPoPNonce ?? IssuerNonce;
        else
            Nonce = response.DPoPNonce ?? Nonce;
    }
}

/// <summary>
/// What the client made and the thief took before it was delivered, and facts that anyone can know.
/// </summary>
/// <param name="TokenEndpoint">From the issuer's metadata.</param>
/// <param name="OrderId">An order that exists.</param>
/// <param name="OldProof">A proof that has (almost) outlived its window.</param>
/// <param name="OldProofDies">When it has.</param>
/// <param name="NewProof">Makes a correct proof of now for the stolen token.</param>
/// <param name="ProofForOtherToken">Makes a correct proof of now for another token of the same client.</param>
/// <param name="TokenForm">Makes a token request's form with a fresh assertion.</param>
/// <param name="ClientGoesOn">Lets the client make its next honest call, by which it hears of newer nonces, and which leaks like the first.</param>
internal sealed record Interception(
    string TokenEndpoint,
    string OrderId,
    CompactJws OldProof,
    DateTimeOffset OldProofDies,
    Func<CompactJws> NewProof,
    Func<CompactJws> ProofForOtherToken,
    Func<string> TokenForm,
    Func<CancellationToken, Task<Leak>> ClientGoesOn)
{
    /// <summary>The first identifier in the API's list, or 1.</summary>
    public static string FirstOrderId(string body)
    {
        try
        {
            var list = JsonNode.Parse(body);
            var orders = list as JsonArray ?? (list as JsonObject)?.Select(member => member.Value).OfType<JsonArray>().FirstOrDefault();
            return orders?.FirstOrDefault()?["id"] switch
            {
                JsonValue value when value.TryGetValue<string>(out var text) => Uri.EscapeDataString(text),
                JsonValue value when value.TryGetValue<long>(out var number) => number.ToString(CultureInfo.InvariantCulture),
                _ => "1",
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "1";
        }
    }
}
