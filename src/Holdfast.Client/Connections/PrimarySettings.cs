using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Holdfast.Client.Connections;

/// <summary>Gives new connections everything that the owner of a primary handler set on it, such as a private certificate authority or a proxy.</summary>
internal static class PrimarySettings
{
    /// <summary>A handler with the same settings and connections of its own; of the owner's client certificates it has none.</summary>
    public static SocketsHttpHandler Copy(HttpMessageHandler primary) => primary switch
    {
        SocketsHttpHandler sockets => Copy(sockets),
        // A derived class may do anything, and a copy would not.
        HttpClientHandler client when client.GetType() == typeof(HttpClientHandler) => Copy(client),
        _ => throw new HoldfastClientException(HoldfastClientFailure.PrimaryHandlerNotSupported,
            $"The primary handler is a {primary.GetType()}. A client certificate needs a SocketsHttpHandler or an HttpClientHandler, "
            + "because each certificate gets connections of its own with the same settings."),
    };

    private static SocketsHttpHandler Copy(SocketsHttpHandler from)
    {
        var to = new SocketsHttpHandler
        {
            ActivityHeadersPropagator = from.ActivityHeadersPropagator,
            AllowAutoRedirect = from.AllowAutoRedirect,
            AutomaticDecompression = from.AutomaticDecompression,
            ConnectCallback = from.ConnectCallback,
            ConnectTimeout = from.ConnectTimeout,
            CookieContainer = from.CookieContainer,
            Credentials = from.Credentials,
            DefaultProxyCredentials = from.DefaultProxyCredentials,
            EnableMultipleHttp2Connections = from.EnableMultipleHttp2Connections,
            EnableMultipleHttp3Connections = from.EnableMultipleHttp3Connections,
            Expect100ContinueTimeout = from.Expect100ContinueTimeout,
            InitialHttp2StreamWindowSize = from.InitialHttp2StreamWindowSize,
            KeepAlivePingDelay = from.KeepAlivePingDelay,
            KeepAlivePingPolicy = from.KeepAlivePingPolicy,
            KeepAlivePingTimeout = from.KeepAlivePingTimeout,
            MaxAutomaticRedirections = from.MaxAutomaticRedirections,
            MaxConnectionsPerServer = from.MaxConnectionsPerServer,
            MaxResponseDrainSize = from.MaxResponseDrainSize,
            MaxResponseHeadersLength = from.MaxResponseHeadersLength,
            MeterFactory = from.MeterFactory,
            PlaintextStreamFilter = from.PlaintextStreamFilter,
            PooledConnectionIdleTimeout = from.PooledConnectionIdleTimeout,
            PooledConnectionLifetime = from.PooledConnectionLifetime,
            PreAuthenticate = from.PreAuthenticate,
            Proxy = from.Proxy,
            RequestHeaderEncodingSelector = from.RequestHeaderEncodingSelector,
            ResponseDrainTimeout = from.ResponseDrainTimeout,
            ResponseHeaderEncodingSelector = from.ResponseHeaderEncodingSelector,
            SslOptions = Copy(from.SslOptions),
            UseCookies = from.UseCookies,
            UseProxy = from.UseProxy,
        };
        CopyProperties(from.Properties, to);
        return to;
    }

    private static SslClientAuthenticationOptions Copy(SslClientAuthenticationOptions from)
    {
        var to = new SslClientAuthenticationOptions
        {
            AllowRenegotiation = from.AllowRenegotiation,
            AllowTlsResume = from.AllowTlsResume,
            ApplicationProtocols = from.ApplicationProtocols is null ? null : [.. from.ApplicationProtocols],
            CertificateChainPolicy = from.CertificateChainPolicy,
            CertificateRevocationCheckMode = from.CertificateRevocationCheckMode,
            CipherSuitesPolicy = from.CipherSuitesPolicy,
            EnabledSslProtocols = from.EnabledSslProtocols,
            EncryptionPolicy = from.EncryptionPolicy,
            RemoteCertificateValidationCallback = from.RemoteCertificateValidationCallback,
            TargetHost = from.TargetHost,
        };
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            (to.AllowRsaPkcs1Padding, to.AllowRsaPssPadding) = (from.AllowRsaPkcs1Padding, from.AllowRsaPssPadding);
        return to;
    }

    private static SocketsHttpHandler Copy(HttpClientHandler from)
    {
        var to = new SocketsHttpHandler
        {
            AllowAutoRedirect = from.AllowAutoRedirect,
            AutomaticDecompression = from.AutomaticDecompression,
            CookieContainer = from.CookieContainer,
            Credentials = from.UseDefaultCredentials ? System.Net.CredentialCache.DefaultCredentials : from.Credentials,
            DefaultProxyCredentials = from.DefaultProxyCredentials,
            MaxAutomaticRedirections = from.MaxAutomaticRedirections,
            MaxConnectionsPerServer = from.MaxConnectionsPerServer,
            MaxResponseHeadersLength = from.MaxResponseHeadersLength,
            MeterFactory = from.MeterFactory,
            PreAuthenticate = from.PreAuthenticate,
            Proxy = from.Proxy,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateRevocationCheckMode = from.CheckCertificateRevocationList ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
                EnabledSslProtocols = from.SslProtocols,
                RemoteCertificateValidationCallback = Validation(from),
            },
            UseCookies = from.UseCookies,
            UseProxy = from.UseProxy,
        };
        CopyProperties(from.Properties, to);
        return to;
    }

    // The callback is given the request that opened the connection; here it is given one that says as much of it as a connection knows: the host.
    private static RemoteCertificateValidationCallback? Validation(HttpClientHandler from)
    {
#pragma warning disable MA0039 // Not one of our own: the owner's, asked where the owner wanted it to be asked.
        if (from.ServerCertificateCustomValidationCallback is not { } validate)
#pragma warning restore MA0039
            return null;
        return (sender, certificate, chain, errors) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{((SslStream)sender).TargetHostName}/");
            return validate(request, certificate as X509Certificate2, chain, errors);
        };
    }

    private static void CopyProperties(IDictionary<string, object?> from, SocketsHttpHandler to)
    {
        foreach ((string key, object? value) in from)
            to.Properties[key] = value;
    }
}
