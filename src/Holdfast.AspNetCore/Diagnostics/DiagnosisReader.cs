using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Holdfast.AspNetCore;

/// <summary>Reads from a request what a diagnosis tells: bounded, printable, and nothing that is a credential.</summary>
internal static class DiagnosisReader
{
    private const int MaxFields = 32;

    private static readonly string[] ProxyFields = ["Forwarded", "Via", "X-Real-IP", "X-Original-URI", "X-Original-URL", "X-Original-Method"];

    public static Diagnosis Read(HttpContext context, HoldfastResource resource, AccessToken token, DateTimeOffset now) => new()
    {
        ServerTime = now,
        Accepted = true,
        Resource = resource.Config.Name,
        Request = RequestOf(context, withQuery: true),
        PublicUrls = UrlsOf(context, resource),
        UsesForwardedHeaders = resource.Targets.UsesForwardedHeaders,
        DPoP = [.. Lines(context.Request.Headers[DPoPFields.DPoP]).Select(line => new ProofLine(line.Length, HashOf(line)))],
        AuthorizationSchemes = [.. Lines(context.Request.Headers.Authorization).Select(line => Printable.From(line.AsSpan(0, Math.Max(0, line.IndexOf(' ', StringComparison.Ordinal)))))],
        BoundBy = [.. new[] { token.Confirmation.Jkt is null ? null : "jkt", token.Confirmation.X5tS256 is null ? null : "x5t#S256" }.OfType<string>()],
        Peer = (SocketEnds.Remote(context) as IPEndPoint)?.Address.ToString() ?? SocketEnds.Local(context)?.ToString(),
        Proxy = context.Features.Get<IForwardedCertificateFeature>() is ForwardedCertificateFeature forwarded ? ProxyOf(forwarded) : null,
        Certificate = ClientCertificates.Of(context).Certificate is { } certificate ? CertificateOf(certificate) : null,
        DroppedCertificateFields = [.. (context.Features.Get<DroppedCertificateFields>()?.Names ?? []).Take(MaxFields)],
        ForwardedFields = [.. context.Request.Headers.Where(field => IsProxys(field.Key)).Take(MaxFields).Select(ForwardedOf)],
        NonceMode = resource.Proofs.Policy.NonceMode switch { NonceMode.Always => "always", NonceMode.OnDemand => "on-demand", NonceMode.Off => "off" },
    };

    public static TargetDiagnosis ReadTarget(HttpContext context, HoldfastResource resource, Refusal recorded, DateTimeOffset now) => new()
    {
        ServerTime = now,
        Accepted = false,
        Failure = FailureCatalog.Get(recorded.Failure).Name,
        Expected = Printable.From(recorded.Expected),
        Seen = Printable.From(recorded.Seen),
        Fix = FailureCatalog.Get(recorded.Failure).Fix,
        Request = RequestOf(context, withQuery: false),
        PublicUrls = UrlsOf(context, resource),
        UsesForwardedHeaders = resource.Targets.UsesForwardedHeaders,
    };

    private static RequestLine RequestOf(HttpContext context, bool withQuery)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        int query = target.IndexOf('?', StringComparison.Ordinal);
        return new(Printable.From(OriginalRequest.MethodOf(context)), Printable.From(withQuery || query < 0 ? target : target[..query]), context.Request.Protocol,
            Printable.From(context.Request.Scheme), Printable.From(context.Request.Host.Value ?? ""));
    }

    private static string[] UrlsOf(HttpContext context, HoldfastResource resource) => [.. resource.Targets.Resolve(context).Take(MaxFields).Select(target => target.Canonical)];

    private static IEnumerable<string> Lines(StringValues values) => values.Take(MaxFields).Select(static line => line ?? "");

    private static string HashOf(string line) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)));

    private static ProxyDiagnosis ProxyOf(ForwardedCertificateFeature forwarded) =>
        new(forwarded.Listener.ToString(), forwarded.Listener.Format, forwarded.Listener.Decoder.Fields, forwarded.Untrusted is null, forwarded.Untrusted?.Expected, forwarded.Untrusted?.Seen);

    private static CertificateDiagnosis CertificateOf(ClientCertificate certificate) =>
        new(certificate.Thumbprint.ToString(), certificate.IsForwarded, certificate.NotAfter, certificate.IsChainVerified);

    private static bool IsProxys(string name) =>
        name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || ProxyFields.Contains(name, StringComparer.OrdinalIgnoreCase);

    // A certificate is not where a request came from, whatever its field is called.
    private static ForwardedField ForwardedOf(KeyValuePair<string, StringValues> field) =>
        new(Printable.From(field.Key), field.Key.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && !field.Key.Contains("cert", StringComparison.OrdinalIgnoreCase)
            ? [.. Lines(field.Value).Select(line => Printable.From(line)!)]
            : null);
}
