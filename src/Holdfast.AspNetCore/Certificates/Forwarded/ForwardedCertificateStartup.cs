using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore;

/// <summary>Says which listeners are proxies', and, once the server listens, which of them it does not have.</summary>
internal sealed class ForwardedCertificateStartup(ForwardedCertificateListeners listeners, ILogger<ForwardedCertificateStartup> logger, IServer? server = null)
    : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (ForwardedCertificateListener listener in listeners.All)
            HoldfastLog.LogForwardedCertificates(logger, listener.ToString(), listener.Format, string.Join(", ", listener.Decoder.Fields));
        return Task.CompletedTask;
    }

    // A port that was mistyped leaves the proxy's real listener undeclared, where its fields are dropped and its own certificate counts as its clients'.
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        ICollection<string> addresses = server?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        foreach (ForwardedCertificateListener listener in listeners.All)
        {
            if (addresses.Count > 0 && !listener.IsEvery && !addresses.Any(address => IsOf(address, listener)))
                HoldfastLog.LogNoSuchListener(logger, listener.ToString(), string.Join(", ", addresses));
        }
        return Task.CompletedTask;
    }

    private static bool IsOf(string address, ForwardedCertificateListener listener) =>
        (listener.UnixSocket is { } path && address.EndsWith("unix:" + path, StringComparison.Ordinal))
        || (listener.Port is { } port && address.TrimEnd('/').EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port}"), StringComparison.Ordinal));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
