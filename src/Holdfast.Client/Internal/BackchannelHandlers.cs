using Holdfast.Client.Connections;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace Holdfast.Client.Internal;

/// <summary>
/// Keeps retrying handlers that a host sets for all its clients away from token requests: they would send the same assertion and
/// the same proof twice, and the server would rightly call the second one a replay.
/// </summary>
internal sealed class BackchannelHandlers : IPostConfigureOptions<HttpClientFactoryOptions>
{
    public void PostConfigure(string? name, HttpClientFactoryOptions options)
    {
        if (!string.Equals(name, HoldfastClientDefaults.BackchannelName, StringComparison.Ordinal))
            return;
        InnermostHandler.HideCredentials(options);
        options.HttpMessageHandlerBuilderActions.Add(builder =>
        {
            builder.AdditionalHandlers.Clear();
            InnermostHandler.TakeRedirectsOver(builder.PrimaryHandler);
            builder.PrimaryHandler = new CertificateConnections(builder.PrimaryHandler);
        });
    }
}
