using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Issuer;
using Holdfast.Replay.PostgreSql;
using Holdfast.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Holdfast.Cli.Up;

/// <summary>A running issuer and a running API, with the file that says where they are. Stopping removes that file.</summary>
internal sealed class UpHost : IAsyncDisposable
{
    private readonly UpPlan _plan;
    private readonly List<WebApplication> _servers = [];
    private bool _isStopped;

    private UpHost(UpPlan plan) => _plan = plan;

    /// <summary>What is in <c>up.json</c>.</summary>
    public UpDocument Document => _plan.Document;

    /// <summary>The path of <c>up.json</c>.</summary>
    public string DocumentPath => _plan.Directory[UpDocument.FileName];

    /// <summary>The token endpoint for clients with certificates, as <c>mtls_endpoint_aliases</c> names it.</summary>
    public string MtlsTokenEndpoint => $"{_plan.IssuerTlsUrl}/token";

    /// <summary>True where this run created everything.</summary>
    public bool IsNew => _plan.Directory.IsNew;

    /// <summary>Starts both, waits until both answer, and says so in <c>up.json</c>. What prevents it is a <see cref="CliException"/>.</summary>
    public static async Task<UpHost> StartAsync(UpOptions options, CancellationToken cancellationToken)
    {
        // A busy port that was free a moment ago is only worth another try where any port will do.
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await TryStartAsync(options, cancellationToken);
            }
            catch (IOException failure) when (failure.InnerException is AddressInUseException)
            {
                if (attempt < 5 && options is { IssuerPort: 0, ApiPort: 0, IssuerTlsPort: null or 0, ApiTlsPort: null or 0 })
                    continue;
                throw new CliException($"A port was taken by another program while this one started ({failure.Message.TrimEnd('.')}); start again.", failure);
            }
        }
    }

    /// <summary>Stops both, and removes <c>up.json</c>.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        try
        {
            File.Delete(DocumentPath);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _plan.OnNotice($"warning: '{DocumentPath}' could not be removed: {failure.Message}");
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), _plan.Time);
        foreach (WebApplication server in _servers)
        {
            // One that failed to start has nothing to stop.
            if (server.Lifetime.ApplicationStarted.IsCancellationRequested)
                await server.StopAsync(patience.Token);
            await server.DisposeAsync();
        }
        _plan.Signals.Dispose();
        _plan.Certificates.Dispose();
        _plan.Directory.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<UpHost> TryStartAsync(UpOptions options, CancellationToken cancellationToken)
    {
        if (options is { Postgres: not null, NonceMode: NonceMode.Off })
            throw new CliException("--nonce off does not go with --postgres: what a lost database had accepted could only be told by time. Use --nonce on-demand.");
        // An existing directory first, because another 'up' on it explains the busy ports; a new one only once the ports are free.
        DataDirectory? directory = Directory.Exists(options.DataDirectory) ? DataDirectory.Open(options.DataDirectory) : null;
        UpHost? host = null;
        try
        {
            UpPorts ports = UpPorts.Choose(options);
            directory ??= DataDirectory.Open(options.DataDirectory);
            host = new UpHost(Plan(options, directory, ports));
            await host.RunAsync(cancellationToken);
            return host;
        }
        catch
        {
            if (host is not null)
                await host.StopAsync();
            directory?.Dispose();
            throw;
        }
    }

    private static UpPlan Plan(UpOptions options, DataDirectory directory, UpPorts ports)
    {
        try
        {
            // One that is left over from a process that was killed says nothing true any more.
            File.Delete(directory[UpDocument.FileName]);
            return new UpPlan
            {
                Directory = directory,
                Client = DemoClient.LoadOrCreate(directory),
                Admin = AdminClient.LoadOrCreate(directory),
                Certificates = DevelopmentCertificates.LoadOrCreate(directory, options.Time),
                Signals = new SignalsFile(directory[SignalsFile.FileName], options.OnSignal),
                Ports = ports,
                NonceMode = options.NonceMode,
                Postgres = options.Postgres,
                Time = options.Time,
                OnNotice = options.OnNotice ?? (_ => { }),
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The data directory '{directory.FullPath}' cannot be used ({failure.Message.TrimEnd('.')}); mend its permissions, or name another one with --data.", failure);
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StartServerAsync(UpServers.Issuer(_plan), cancellationToken);
            await StartServerAsync(UpServers.Api(_plan), cancellationToken);
        }
        catch (IssuerStartupException failure)
        {
            throw new CliException(failure.Message, failure);
        }
        catch (StorageStartupException failure)
        {
            throw new CliException(failure.Message, failure);
        }
        catch (OptionsValidationException failure) when (failure.OptionsType == typeof(PostgreSqlReplayOptions))
        {
            throw new CliException([.. failure.Failures.Select(problem => $"--postgres: {problem}")], failure);
        }
        catch (OptionsValidationException failure)
        {
            throw new CliException([.. failure.Failures], failure);
        }
        await UpReadiness.WaitAsync(_plan, [.. _servers.Select(server => server.Services)], cancellationToken);
        _plan.Directory.Write(UpDocument.FileName, Encoding.UTF8.GetBytes(CliJson.Write(Document, CliJson.Indented.UpDocument) + "\n"));
    }

    private async Task StartServerAsync(WebApplication server, CancellationToken cancellationToken)
    {
        _servers.Add(server);
        await server.StartAsync(cancellationToken);
        await UpReadiness.ReachDatabaseAsync(_plan, server.Services, cancellationToken);
    }
}
