using Holdfast.Cli.Output;
using Holdfast.Cli.Up;
using Holdfast.Conformance;

namespace Holdfast.Cli.Commands;

/// <summary>Where a drill is held: at a running <c>up</c>, or at one that starts and ends with the drill.</summary>
internal sealed class DrillGround : IAsyncDisposable
{
    private readonly UpHost? _own;
    private readonly string? _temporary;

    private DrillGround(UpDocument up, UpHost? own, string? temporary)
    {
        (_own, _temporary) = (own, temporary);
        Target = new DrillTarget
        {
            Issuer = up.Issuer,
            Resource = up.Resource,
            Audience = up.Audience,
            Scope = up.Scope,
            ClientId = up.ClientId,
            ClientKeyPem = up.ClientKeyPem,
            Signals = up.Signals,
            CaPem = up.CaPem,
            MtlsResource = up.MtlsResource,
            MtlsClientId = up.MtlsClientId,
            MtlsCertificatePem = up.MtlsCertificatePem,
            MtlsKeyPem = up.MtlsKeyPem,
        };
        // An insider's certificate lies beside the client's; nobody but the drill has a use for it.
        if (up.MtlsCertificatePem is not null && MtlsClient.FindNeighbour(Path.GetDirectoryName(up.MtlsCertificatePem)!) is var (certificate, key))
            Target = Target with { NeighbourCertificatePem = certificate, NeighbourKeyPem = key };
    }

    /// <summary>What is attacked.</summary>
    public DrillTarget Target { get; }

    public static async Task<DrillGround> FindAsync(string? up, string? data, CliConsole console, CancellationToken cancellationToken)
    {
        if (up is not null)
            return new DrillGround(UpFile.Read(console, up), null, null);
        if (data is null && File.Exists(UpFile.Locate(console, null)))
        {
            UpDocument found = UpFile.Read(console, null);
            if (await AnswersAsync(found.Issuer, cancellationToken))
            {
                await console.Error.WriteLineAsync($"Attacking {found.Resource}, of the 'holdfast up' in {UpOptions.DefaultDirectory}.");
                return new DrillGround(found, null, null);
            }
        }
        return await StartAsync(data, console, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_own is not null)
            await _own.DisposeAsync();
        if (_temporary is not null)
            Directory.Delete(_temporary, recursive: true);
    }

    private static async Task<DrillGround> StartAsync(string? data, CliConsole console, CancellationToken cancellationToken)
    {
        string? temporary = data is null ? Directory.CreateTempSubdirectory("holdfast-drill-").FullName : null;
        try
        {
            UpHost own = await UpHost.StartAsync(new UpOptions
            {
                DataDirectory = temporary ?? console.FullPath(data!),
                IssuerPort = 0,
                ApiPort = 0,
                Time = console.Time,
                OnNotice = notice => console.Error.WriteLine($"holdfast: {notice}"),
            }, cancellationToken);
            await console.Error.WriteLineAsync($"No 'holdfast up' runs here; attacking one of its own at {own.Document.Resource}.");
            return new DrillGround(own.Document, own, temporary);
        }
        catch
        {
            if (temporary is not null)
                Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    // A file may be left over from a process that was killed.
    private static async Task<bool> AnswersAsync(string issuer, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(3) };
        try
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri($"{issuer.TrimEnd('/')}/.well-known/oauth-authorization-server"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or UriFormatException or InvalidOperationException
            or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
