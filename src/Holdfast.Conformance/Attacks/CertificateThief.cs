using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Conformance;

/// <summary>The thief where certificates are concerned: what he read, copies of the certificate that he made, and what he intercepted.</summary>
/// <param name="target">Whom he attacks.</param>
/// <param name="loot">What he read out of the log.</param>
/// <param name="intercepted">What he took before it was delivered.</param>
/// <param name="foreign">Certificates whose keys he has: copies of the client's, and where he is an insider one of his own.</param>
internal sealed class CertificateThief(
    DrillTarget target, CertificateLoot loot, CertificateInterception intercepted, IReadOnlyList<X509Certificate2> foreign)
{
    private readonly string _path = $"{new Uri(target.MtlsResource!).AbsolutePath.TrimEnd('/')}/orders";

    public CertificateLoot Loot => loot;

    public CertificateInterception Intercepted => intercepted;

    public IReadOnlyList<X509Certificate2> Foreign => foreign;

    /// <summary>True where the API can also be reached where nobody asks for a certificate.</summary>
    public bool HasPlainListener => target.Origin != target.MtlsOrigin;

    /// <summary>The URL that a proof for the API names.</summary>
    public string Url => target.MtlsOrigin + _path;

    /// <summary>The stolen token as the client sends it, over a connection with that certificate or none.</summary>
    public RawRequest WithToken(X509Certificate2? certificate = null, string scheme = "Bearer") =>
        Request(target.MtlsOrigin!, _path, $"{scheme} {loot.Token}", certificate);

    /// <summary>The same at the listener that asks for no certificate.</summary>
    public RawRequest AtPlainListener() => Request(target.Origin, $"{target.BasePath}/orders", $"Bearer {loot.Token}", certificate: null);

    /// <summary>The stolen token that is bound to both.</summary>
    public RawRequest WithBoth(CompactJws? proof, X509Certificate2? certificate, string scheme = "DPoP")
    {
        var request = Request(target.MtlsOrigin!, _path, $"{scheme} {intercepted.BothToken}", certificate);
        return proof is null ? request : request.With("DPoP", proof.ToString());
    }

    /// <summary>Another stolen token over a connection with that certificate.</summary>
    public RawRequest WithOther(string token, X509Certificate2 certificate) => Request(target.MtlsOrigin!, _path, $"Bearer {token}", certificate);

    /// <summary>The client's token request, over a connection with that certificate or none.</summary>
    public RawRequest ToIssuer(X509Certificate2? certificate, bool atPlainEndpoint = false) =>
        RawRequest.Form(atPlainEndpoint ? intercepted.PlainTokenEndpoint : intercepted.TokenEndpoint, intercepted.TokenForm) with { Certificate = certificate };

    private static RawRequest Request(string origin, string path, string authorization, X509Certificate2? certificate) =>
        new(origin, "GET", path, [new("Accept", "application/json"), new("Authorization", authorization)]) { Certificate = certificate };
}

/// <summary>What the client with a certificate made, and the thief took, or has the use of.</summary>
/// <param name="TokenEndpoint">Where clients with certificates get tokens.</param>
/// <param name="PlainTokenEndpoint">Where the others do.</param>
/// <param name="TokenForm">The form of the client's token request; nothing in it is secret.</param>
/// <param name="Certificate">The client's certificate with its key, for the thief who sits behind the client's own connection: the other binding
/// must still hold.</param>
/// <param name="BothToken">A token bound to certificate and key; null where the issuer gives none.</param>
/// <param name="NewProof">Makes a correct proof of now for it.</param>
internal sealed record CertificateInterception(
    string TokenEndpoint, string PlainTokenEndpoint, string TokenForm, X509Certificate2 Certificate, string? BothToken, Func<CompactJws> NewProof);
