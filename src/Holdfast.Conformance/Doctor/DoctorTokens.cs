using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Holdfast.Conformance;

/// <summary>Gets the client's tokens as it would: bound to its key by a proof, and to its certificate over mutual TLS.</summary>
internal sealed class DoctorTokens(DoctorTarget target, RawHttpClient http, TimeProvider timeProvider)
{
    /// <summary>A token bound to the client's own key.</summary>
    /// <exception cref="DrillFailedException">There is none to be had.</exception>
    public async Task<string> BoundToKeyAsync(SigningKey key, CancellationToken cancellationToken)
    {
        var client = new HonestClient(new DrillTarget
        {
            Issuer = target.Issuer,
            Resource = target.Url,
            Audience = target.Resource ?? "",
            Scope = target.Scope,
            ClientId = target.ClientId,
            ClientKeyPem = target.ClientKeyPem!,
        }, key, http, timeProvider);
        await client.DiscoverAsync(cancellationToken);
        return await client.ObtainTokenAsync(cancellationToken);
    }

    /// <summary>A token bound to the client's certificate: by <c>tls_client_auth</c>, or with an assertion where it has a key.</summary>
    /// <exception cref="DrillFailedException">There is none to be had.</exception>
    public async Task<BoundCall> BoundToCertificateAsync(SigningKey? key, CancellationToken cancellationToken)
    {
        var certificate = ReadCertificate();
        try
        {
            var endpoint = await TokenEndpointAsync(cancellationToken);
            var response = await http.SendAsync(TokenRequest(endpoint, key) with { Certificate = certificate }, cancellationToken);
            if (!response.IsSuccess || (string?)Json(response)?["access_token"] is not { } token)
                throw new DrillFailedException($"the client got no certificate-bound token: {endpoint} answered {response.Status.ToString(CultureInfo.InvariantCulture)} {response.Error}".TrimEnd());
            if (ThumbprintIn(token) is { } bound && bound != Thumbprint(certificate))
                throw new DrillFailedException("the issuer gave a token that is not bound to the certificate: cnf has no x5t#S256, or another one");
            return new BoundCall(token, certificate);
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    // RFC 8705 §5: the alias where there is one.
    private async Task<string> TokenEndpointAsync(CancellationToken cancellationToken)
    {
        var issuer = new Uri(target.Issuer);
        var path = "/.well-known/oauth-authorization-server" + issuer.AbsolutePath.TrimEnd('/');
        var metadata = Json(await http.SendAsync(new RawRequest(issuer.GetLeftPart(UriPartial.Authority), "GET", path, []), cancellationToken));
        return (string?)metadata?["mtls_endpoint_aliases"]?["token_endpoint"] ?? (string?)metadata?["token_endpoint"]
            ?? throw new DrillFailedException($"the metadata of {target.Issuer} names no token endpoint");
    }

    private RawRequest TokenRequest(string endpoint, SigningKey? key)
    {
        var url = new Uri(endpoint);
        List<(string Name, string Value)> form = [("grant_type", "client_credentials"), ("client_id", target.ClientId)];
        if (key is not null)
        {
            form.Add(("client_assertion_type", ClientAssertion.Type));
            form.Add(("client_assertion", ClientAssertion.Build(key, target.ClientId, target.Issuer, timeProvider.GetUtcNow()).ToString()));
        }
        if (target.Scope is { } scope)
            form.Add(("scope", scope));
        if (target.Resource is { } resource)
            form.Add(("resource", resource));
        return new RawRequest(url.GetLeftPart(UriPartial.Authority), "POST", url.PathAndQuery, [new("Content-Type", "application/x-www-form-urlencoded")],
            string.Join('&', form.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}")));
    }

    private X509Certificate2 ReadCertificate()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(target.CertificatePem!, target.CertificateKeyPem);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DrillFailedException($"the certificate {target.CertificatePem} cannot be used: {e.Message}", e);
        }
    }

    private static string Thumbprint(X509Certificate2 certificate) => System.Buffers.Text.Base64Url.EncodeToString(SHA256.HashData(certificate.RawData));

    // What a JWT says; an opaque token keeps it to itself. Empty where it says that it is bound to something else, or to nothing.
    private static string? ThumbprintIn(string token)
    {
        try
        {
            return (string?)CompactJws.Parse(token).PayloadObject["cnf"]?["x5t#S256"] ?? "";
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

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
}
