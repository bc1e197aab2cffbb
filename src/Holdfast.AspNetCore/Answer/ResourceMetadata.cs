using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>Protected-resource metadata (RFC 9728 §2), answered by the door itself: the same bytes to everyone, readable by browsers.</summary>
internal sealed class ResourceMetadata
{
    private readonly byte[] _document;

    private ResourceMetadata(string path, string url, byte[] document) => (Path, Url, _document) = (path, url, document);

    /// <summary>The path of the request that is answered.</summary>
    public string Path { get; }

    /// <summary>Where clients find it.</summary>
    public string Url { get; }

    /// <summary>The metadata of a resource that has a URL: its audience, or else its first public base URL. Null where it has none.</summary>
    public static ResourceMetadata? TryCreate(HoldfastOptions options, ResourceConfig config, DPoPProofPolicy policy, PublicTargets targets,
        bool usesCertificates)
    {
        // AT-52, AT-54, RFC 9728 §3.3: resource is the identifier that the document's URL is derived from, character for character.
        string? resource = PublicOrigin.TrySplit(options.Audience, out _, out _) ? options.Audience : targets.BaseUrls.FirstOrDefault();
        if (resource is null || !Uri.TryCreate(resource, UriKind.Absolute, out Uri? uri))
            return null;
        // AT-53, RFC 9728 §3.1: the well-known part goes between host and path; a slash that only ends the host is removed first.
        string path = HoldfastDefaults.MetadataPath + (uri.AbsolutePath == "/" ? "" : uri.AbsolutePath);
        var document = new ResourceMetadataDocument(
            resource,
            // AT-58, RFC 9728 §2: the issuers; empty arrays are left out.
            [config.Issuer],
            options.ScopesSupported.Count == 0 ? null : [.. options.ScopesSupported],
            ["header"],
            options.ResourceName,
            // AT-55, RFC 9728 §2: certificate-bound tokens, where they are taken; left out means false.
            usesCertificates ? true : null,
            // AT-56, RFC 9728 §2: the algorithms of proofs.
            [.. policy.Algorithms],
            // AT-57, RFC 9728 §2: true where nothing but DPoP-bound tokens is taken.
            config.Mode == SenderConstraintMode.Require && !usesCertificates);
        return new(path, uri.GetLeftPart(UriPartial.Authority) + path,
            JsonSerializer.SerializeToUtf8Bytes(document, ResourceMetadataJsonContext.Default.ResourceMetadataDocument));
    }

    /// <summary>Answers a request for the document; false where it is not one.</summary>
    public async ValueTask<bool> TryAnswerAsync(HttpContext context)
    {
        if (!IsMine(context))
            return false;
        HttpResponse response = context.Response;
        response.Headers.AccessControlAllowOrigin = "*";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status204NoContent;
            response.Headers.AccessControlAllowMethods = "GET, HEAD";
            response.Headers.AccessControlAllowHeaders = "*";
            return true;
        }
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            response.Headers.Allow = "GET, HEAD, OPTIONS";
            return true;
        }
        // AT-61, RFC 9728 §7.10: cacheable, and not for so long that a change goes unseen.
        response.Headers.CacheControl = "public, max-age=3600";
        response.ContentType = "application/json";
        response.ContentLength = _document.Length;
        if (HttpMethods.IsGet(context.Request.Method))
            await response.Body.WriteAsync(_document, context.RequestAborted);
        return true;
    }

    private bool IsMine(HttpContext context) =>
        context.Request.Path.Value is { } path && path.StartsWith(HoldfastDefaults.MetadataPath, StringComparison.Ordinal)
        && path.Equals(Path, StringComparison.Ordinal);
}

internal sealed record ResourceMetadataDocument(
    string Resource, string[] AuthorizationServers, string[]? ScopesSupported, string[] BearerMethodsSupported, string? ResourceName,
    bool? TlsClientCertificateBoundAccessTokens,
    [property: JsonPropertyName("dpop_signing_alg_values_supported")] string[] DPoPSigningAlgValuesSupported,
    [property: JsonPropertyName("dpop_bound_access_tokens_required")] bool DPoPBoundAccessTokensRequired);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceMetadataDocument))]
internal sealed partial class ResourceMetadataJsonContext : JsonSerializerContext;
