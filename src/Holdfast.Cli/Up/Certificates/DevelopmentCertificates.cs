using System.Security.Cryptography.X509Certificates;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>The certificates of one <c>up</c>, all in its data directory: the authority, the servers', and those of two clients.</summary>
internal sealed class DevelopmentCertificates : IDisposable
{
    private DevelopmentCertificates(DataDirectory directory, DateTimeOffset now)
    {
        using DevelopmentAuthority authority = DevelopmentAuthority.LoadOrCreate(directory, now);
        CaPath = authority.CertificatePath;
        Server = authority.LoadOrIssue("server", CertificateProfiles.Server, out _);
        authority.LoadOrIssue(MtlsClient.FileName, key => CertificateProfiles.Client(MtlsClient.ClientId, key), out CertificateFile client).Dispose();
        Client = client;
        authority.LoadOrIssue(MtlsClient.NeighbourFileName, key => CertificateProfiles.Client(MtlsClient.Neighbour, key), out _).Dispose();
    }

    /// <summary>The path of the authority's certificate.</summary>
    public string CaPath { get; }

    /// <summary>What both servers show.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>Where the client's is.</summary>
    public CertificateFile Client { get; }

    /// <summary>Those of this directory; made on the first start. Files that are damaged or exposed are a <see cref="CliException"/>.</summary>
    public static DevelopmentCertificates LoadOrCreate(DataDirectory directory, TimeProvider time) => new(directory, time.GetUtcNow());

    /// <inheritdoc/>
    public void Dispose() => Server.Dispose();
}
