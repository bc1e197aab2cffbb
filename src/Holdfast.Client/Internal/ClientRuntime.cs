using System.Collections.Concurrent;
using Holdfast.Client.Certificates;
using Holdfast.Client.Keys;
using Holdfast.Client.Requests;
using Holdfast.Client.Tokens;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Internal;

/// <summary>One configured client: its keys, its token, and what it knows of servers. Lives as long as the host.</summary>
internal sealed class ClientRuntime : IDisposable
{
    private readonly ILogger _logger;
    private readonly ClientKeys _keys;

    public ClientRuntime(
        ClientConfig config, IHttpClientFactory clients, TimeProvider time, ConcurrentDictionary<JwkThumbprint, string> issuersByKey, ILogger logger)
    {
        (Config, Time, _logger) = (config, time, logger);
        _keys = new(config, issuersByKey, logger);
        CurrentCertificate? certificate = SourceOf(config, time, logger) is { } source ? new(config.Name, source, time, logger) : null;
        var client = new TokenClient(config, new(config, clients, time), _keys, Servers, clients, time, logger);
        Tokens = new(config.Name, certificate, client, time, logger);
        if (config.AllowHttp)
            Log.HttpAllowed(logger, config.Name);
    }

    public ClientConfig Config { get; }

    public TimeProvider Time { get; }

    public ServerMemory Servers { get; } = new();

    public TokenCache Tokens { get; }

    public void NonceAsked(Uri uri) => Log.NonceAsked(_logger, Config.Name, Origins.Of(uri));

    public void NonceRefused(Uri uri) => Log.NonceRefused(_logger, Config.Name, Origins.Of(uri));

    public void ClockLearned(Uri uri, TimeSpan offset) => Log.ClockLearned(_logger, Config.Name, Origins.Of(uri), offset);

    public void TokenRefused(Uri uri) => Log.TokenRefused(_logger, Config.Name, Origins.Of(uri));

    public void ProofRefused(Uri uri, string alg, string? algs) => Log.ProofRefused(_logger, Config.Name, Origins.Of(uri), alg, JsonText.Safe(algs));

    public void Dispose()
    {
        Tokens.Dispose();
        _keys.Dispose();
    }
    private static IClientCertificateSource? SourceOf(ClientConfig config, TimeProvider time, ILogger logger) =>
        config.ClientCertificate is not null ? new FixedCertificate(config.ClientCertificate)
        : config.ClientCertificateFile is not null
            ? new CertificateFiles(config.Name, config.ClientCertificateFile, config.ClientCertificateKeyFile!, time, logger)
        : config.ClientCertificateSource;
}
