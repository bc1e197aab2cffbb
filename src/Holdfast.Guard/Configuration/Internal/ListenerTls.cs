using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Guard.Internal;

/// <summary>What a listener needs for TLS.</summary>
/// <param name="Certificate">Certificate and key of the listener.</param>
/// <param name="Chain">The certificates that are sent with it.</param>
/// <param name="DemandsClientCertificate">True where the proxies are told by their own certificates.</param>
internal sealed record ListenerTls(X509Certificate2 Certificate, X509Certificate2Collection Chain, bool DemandsClientCertificate);
