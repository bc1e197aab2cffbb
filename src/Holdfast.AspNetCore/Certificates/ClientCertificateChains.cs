using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.AspNetCore;

/// <summary>
/// Keeps the other certificates that a client sent in the TLS handshake, which ASP.NET Core does not hand on. Only an issuer that authenticates
/// clients by <c>tls_client_auth</c> needs them, and only where intermediate authorities are not among its settings.
/// </summary>
internal static class ClientCertificateChains
{
    // More than any client needs; what is beyond is not kept.
    private const int MaxLength = 8;

    // By the certificate's own object, which the TLS stream hands to the callback and to the request alike; gone with the connection.
    private static readonly ConditionalWeakTable<X509Certificate2, ReadOnlyMemory<byte>[]> Chains = [];

    /// <summary>Accepts every certificate, as the callback of a listener, and keeps what came along. A resumed session brings nothing (MTLS-47).</summary>
    public static bool Accept(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (chain?.ChainPolicy.ExtraStore is { Count: > 0 } sent)
        {
            Chains.AddOrUpdate(certificate,
                [.. sent.Take(MaxLength).Select(other => other.RawDataMemory).Where(der => der.Length <= ClientCertificate.MaxLength)]);
        }
        return true;
    }

    /// <summary>What came with this certificate, in TLS order.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(X509Certificate2 certificate) =>
        Chains.TryGetValue(certificate, out ReadOnlyMemory<byte>[]? chain) ? chain : [];
}
