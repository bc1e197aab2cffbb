using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.AspNetCore;

/// <summary>
/// Keeps the other certificates that a client sent in the TLS handshake, which ASP.NET Core does not hand on. Only an issuer that authenticates
/// clients by <c>tls_client_auth</c> needs them, and only where intermediate authorities are not among its settings.
/// </summary>
public static class ClientCertificateChains
{
    /// <summary>More than any client needs; what is beyond is not kept.</summary>
    public const int MaxLength = 8;

    // By the certificate's own object, which the TLS stream hands to the callback and to the request alike; gone with the connection.
    private static readonly ConditionalWeakTable<X509Certificate2, ReadOnlyMemory<byte>[]> Chains = [];

    /// <summary>
    /// For <c>HttpsConnectionAdapterOptions.ClientCertificateValidation</c>, in place of <c>AllowAnyClientCertificate()</c>: accepts every
    /// certificate, because possession is what the handshake proves (RFC 8705 §6.2) and everything else is decided with the request, where a refusal
    /// can be told. A resumed session brings no chain.
    /// </summary>
    public static bool Accept(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        // MTLS-26, MTLS-33, RFC 8705 §4, §6.2: certificates of authorities that nobody here knows, and self-signed ones, too.
        if (chain?.ChainPolicy.ExtraStore is { Count: > 0 } sent)
        {
            Chains.AddOrUpdate(certificate,
                [.. sent.Take(MaxLength).Select(other => other.RawDataMemory).Where(der => der.Length <= ClientCertificate.MaxLength)]);
        }
        return true;
    }

    internal static IReadOnlyList<ReadOnlyMemory<byte>> Of(X509Certificate2 certificate) =>
        Chains.TryGetValue(certificate, out ReadOnlyMemory<byte>[]? chain) ? chain : [];
}
