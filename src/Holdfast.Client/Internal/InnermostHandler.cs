using System.Runtime.CompilerServices;
using Holdfast.Client.Connections;
using Holdfast.Client.Requests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace Holdfast.Client.Internal;

/// <summary>Puts the handler right above the primary one, takes redirects away from the latter and puts the certificates' connections before it.</summary>
internal static class InnermostHandler
{
    // A primary handler that its owner hands out again and again was changed by us, not by its owner.
    private static readonly ConditionalWeakTable<HttpMessageHandler, object> Changed = [];

    public static void Append(HttpClientFactoryOptions options, string clientName)
    {
        HideCredentials(options);
        options.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            // Set for all clients by default, the handler must not reach the one that gets the tokens.
            if (string.Equals(builder.Name, HoldfastClientDefaults.BackchannelName, StringComparison.Ordinal))
                return;
            bool follow = TakeRedirectsOver(builder.PrimaryHandler);
            builder.PrimaryHandler = new CertificateConnections(builder.PrimaryHandler);
            var registry = builder.Services.GetRequiredService<ClientRegistry>();
            builder.AdditionalHandlers.Add(new HoldfastHandler(() => registry.Get(clientName), follow));
        });
    }

    /// <summary>Whatever else the host shows at trace level: never tokens, proofs or assertions.</summary>
    public static void HideCredentials(HttpClientFactoryOptions options)
    {
        Func<string, bool> others = options.ShouldRedactHeaderValue;
        options.ShouldRedactHeaderValue = name => others(name)
            || name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("DPoP", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Switches redirects of the primary handler off and says whether they were on.</summary>
    public static bool TakeRedirectsOver(HttpMessageHandler primary)
    {
        while (primary is DelegatingHandler { InnerHandler: { } inner })
            primary = inner;
        switch (primary)
        {
            case SocketsHttpHandler { AllowAutoRedirect: true } sockets:
                sockets.AllowAutoRedirect = false;
                break;
            case HttpClientHandler { AllowAutoRedirect: true } client:
                client.AllowAutoRedirect = false;
                break;
            case SocketsHttpHandler or HttpClientHandler:
                return Changed.TryGetValue(primary, out _);
            default:
                return true;
        }
        Changed.AddOrUpdate(primary, primary);
        return true;
    }
}
