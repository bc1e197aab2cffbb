namespace Holdfast.Cli.Up;

/// <summary>
/// The machine identity that authenticates by certificate (<c>tls_client_auth</c>, RFC 8705 §2.1) and whose tokens are bound to it, and a
/// neighbour who has a certificate of the same authority and no business here: the drill attacks with it.
/// </summary>
internal static class MtlsClient
{
    public const string ClientId = "orders-mtls-client";
    public const string Subject = $"CN={ClientId}";
    public const string FileName = "mtls-client";
    public const string Neighbour = "neighbour";
    public const string NeighbourFileName = "mtls-neighbour";

    /// <summary>The neighbour's certificate and key in the data directory of an <c>up</c>, or null where they are not there.</summary>
    public static (string CertificatePath, string KeyPath)? FindNeighbour(string directory)
    {
        (string certificate, string key) = (Path.Combine(directory, $"{NeighbourFileName}.pem"), Path.Combine(directory, $"{NeighbourFileName}-key.pem"));
        return File.Exists(certificate) && File.Exists(key) ? (certificate, key) : null;
    }
}
