using System.Collections;
using System.Net;
using System.Net.Security;
using System.Reflection;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Client.Connections;
using Holdfast.Client.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;

namespace Holdfast.Client.Tests;

public class PrimaryHandlerTests
{
    private static IServiceCollection Backchannel(IServiceCollection services, Func<HttpMessageHandler> handler)
    {
        // After the world's own, which would win otherwise, and before the library's.
        services.PostConfigure<HttpClientFactoryOptions>(HoldfastClientDefaults.BackchannelName,
            options => options.HttpMessageHandlerBuilderActions.Add(builder => builder.PrimaryHandler = handler()));
        return services;
    }

    // A setting that a later version of the platform adds fails here until it is copied.
    [Fact]
    public void Carries_every_setting_of_a_SocketsHttpHandler_over()
    {
        using var from = new SocketsHttpHandler();
        Change(from, nameof(SocketsHttpHandler.SslOptions));
        from.Properties["owner"] = "value";
        Change(from.SslOptions, nameof(SslClientAuthenticationOptions.ClientCertificates), nameof(SslClientAuthenticationOptions.ClientCertificateContext),
            nameof(SslClientAuthenticationOptions.LocalCertificateSelectionCallback));

        using SocketsHttpHandler to = PrimarySettings.Copy(from);
        Compare(from, to, nameof(SocketsHttpHandler.SslOptions));
        Compare(from.SslOptions, to.SslOptions);
        to.SslOptions.ShouldNotBeSameAs(from.SslOptions);
    }

    [Fact]
    public void Carries_every_setting_of_an_HttpClientHandler_over()
    {
        using var from = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.Brotli,
            CheckCertificateRevocationList = true,
            CookieContainer = new(),
            Credentials = new NetworkCredential("a", "b"),
            DefaultProxyCredentials = new NetworkCredential("c", "d"),
            MaxAutomaticRedirections = 7,
            MaxConnectionsPerServer = 7,
            MaxResponseHeadersLength = 7,
            PreAuthenticate = true,
            Properties = { ["owner"] = "value" },
            Proxy = new WebProxy("http://proxy.example"),
            SslProtocols = System.Security.Authentication.SslProtocols.Tls13,
            ServerCertificateCustomValidationCallback = (_, _, _, _) => true,
        };
        using SocketsHttpHandler to = PrimarySettings.Copy(from);
        to.AllowAutoRedirect.ShouldBeFalse();
        to.AutomaticDecompression.ShouldBe(DecompressionMethods.Brotli);
        to.SslOptions.CertificateRevocationCheckMode.ShouldBe(X509RevocationMode.Online);
        to.CookieContainer.ShouldBeSameAs(from.CookieContainer);
        to.Credentials.ShouldBeSameAs(from.Credentials);
        to.DefaultProxyCredentials.ShouldBeSameAs(from.DefaultProxyCredentials);
        to.MaxAutomaticRedirections.ShouldBe(7);
        to.MaxConnectionsPerServer.ShouldBe(7);
        to.MaxResponseHeadersLength.ShouldBe(7);
        to.PreAuthenticate.ShouldBeTrue();
        to.Properties["owner"].ShouldBe("value");
        to.Proxy.ShouldBeSameAs(from.Proxy);
        to.SslOptions.EnabledSslProtocols.ShouldBe(from.SslProtocols);
        to.SslOptions.RemoteCertificateValidationCallback.ShouldNotBeNull();

        using var defaults = new HttpClientHandler { UseDefaultCredentials = true, UseCookies = false, UseProxy = false };
        using SocketsHttpHandler other = PrimarySettings.Copy(defaults);
        other.Credentials.ShouldBeSameAs(CredentialCache.DefaultCredentials);
        (other.UseCookies, other.UseProxy).ShouldBe((false, false));
        other.SslOptions.RemoteCertificateValidationCallback.ShouldBeNull();
        other.SslOptions.CertificateRevocationCheckMode.ShouldBe(X509RevocationMode.NoCheck);
    }

    // MTLS-22
    [Fact]
    public async Task Presents_the_certificate_through_an_HttpClientHandler_with_its_own_validation()
    {
        await using World world = await World.WithCertificatesAsync();
        var validated = new List<(string Host, string Subject)>();
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler
        {
            UseProxy = false,
            ServerCertificateCustomValidationCallback = (request, certificate, _, errors) =>
            {
                validated.Add((request.RequestUri!.Host, certificate!.Subject));
                return errors == SslPolicyErrors.RemoteCertificateChainErrors;
            },
        }));
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        validated.ShouldBe([("localhost", "CN=localhost")]);
        world.Api.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(world.Certificate.Thumbprint);
    }

    // Nothing of what the owner set loosens: a server that the owner's settings do not trust is not trusted here.
    [Fact]
    public async Task Trusts_no_more_servers_than_the_primary_handler_does()
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { UseProxy = false }));
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync("/orders"));
        world.Api.Requests.ShouldBeEmpty();
    }

    // MTLS-22: what the owner of the primary handler presents elsewhere is not what the token is bound to.
    [Fact]
    public async Task Presents_the_tokens_certificate_and_not_the_primary_handlers()
    {
        await using World world = await World.WithCertificatesAsync();
        X509Certificate2 own = TestPki.Client("own");
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() =>
        {
            SocketsHttpHandler handler = world.Pki!.Handler();
            handler.SslOptions.ClientCertificates = [own];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
            return handler;
        }));
        await client.GetAsync("/orders");
        world.Api.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(world.Certificate.Thumbprint);
    }

    [Fact]
    public async Task Goes_through_a_forward_proxy()
    {
        await using World world = await World.WithCertificatesAsync();
        await using var proxy = new ForwardProxy();
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() =>
            new SocketsHttpHandler { SslOptions = world.Pki!.Trust(), Proxy = new WebProxy(proxy.Address) }));
        (await client.GetAsync("/orders")).StatusCode.ShouldBe(HttpStatusCode.OK);
        proxy.Tunnels.ShouldBe([new Uri(world.Api.MtlsOrigin).Authority]);
        world.Api.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(world.Certificate.Thumbprint);

        // MTLS-22: a tunnel to where it is not asked for is of no use either; nor is the caller's own method of that name a way around.
        foreach (HttpMethod method in new[] { HttpMethod.Get, HttpMethod.Connect })
        {
            var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.SendAsync(new HttpRequestMessage(method, $"{world.Api.Origin}/orders")));
            thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateNotRequested);
        }
        world.Api.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_the_owners_filter_of_streams_as_well()
    {
        await using World world = await World.WithCertificatesAsync();
        int filtered = 0;
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() =>
        {
            SocketsHttpHandler handler = world.Pki!.Handler();
            handler.PlaintextStreamFilter = (context, _) =>
            {
                filtered++;
                return new(context.PlaintextStream);
            };
            return handler;
        }));
        await client.GetAsync("/orders");
        filtered.ShouldBe(1);
    }

    public static TheoryData<string> Unfit => ["another", "derived", "wrapped"];

    private static HttpMessageHandler UnfitHandler(string kind, World world) => kind switch
    {
        "another" => new Another(),
        "derived" => new Derived(),
        _ => new Wrapping { InnerHandler = world.Pki!.Handler() },
    };

    // MTLS-22: what cannot present the certificate is not given the token.
    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task Refuses_a_primary_handler_that_cannot_present_a_certificate(string kind)
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() => UnfitHandler(kind, world)));
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.PrimaryHandlerNotSupported);
        thrown.Message.ShouldContain(UnfitHandler(kind, world).GetType().Name);
        world.Api.Requests.ShouldBeEmpty();
    }

    // MTLS-18
    [Theory]
    [MemberData(nameof(Unfit))]
    public async Task Refuses_such_a_handler_towards_the_issuer_too(string kind)
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client(services: services => Backchannel(services, () => new Splitting(world.Pki!.Handler(), UnfitHandler(kind, world))));
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.PrimaryHandlerNotSupported);
        world.Issuer.Requests.ShouldBeEmpty();
    }

    // MTLS-22, MTLS-18: a filter of the host has the last word about primary handlers; then nothing presents the certificate.
    [Theory]
    [InlineData("orders")]
    [InlineData(HoldfastClientDefaults.BackchannelName)]
    public async Task Refuses_a_primary_handler_that_was_replaced(string name)
    {
        await using World world = await World.WithCertificatesAsync();
        HttpClient client = world.Client(services: services =>
            services.AddSingleton<IHttpMessageHandlerBuilderFilter>(new Replacing(name, world.Pki!.Handler)));
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.PrimaryHandlerNotSupported);
        world.Api.Requests.ShouldBeEmpty();
    }

    // MTLS-22: HTTP/3 has a handshake that nothing here can look into, so the connection is never allowed to become one.
    [Theory]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrHigher, "2.0", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrHigher, "2.0", HttpVersionPolicy.RequestVersionExact)]
    [InlineData("2.0", HttpVersionPolicy.RequestVersionOrLower, "2.0", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("3.0", HttpVersionPolicy.RequestVersionOrLower, "2.0", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionOrLower, "1.1", HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("1.1", HttpVersionPolicy.RequestVersionExact, "1.1", HttpVersionPolicy.RequestVersionExact)]
    public async Task Stays_below_HTTP_3(string version, HttpVersionPolicy policy, string sentVersion, HttpVersionPolicy sentPolicy)
    {
        await using World world = await World.WithCertificatesAsync();
        (Version, HttpVersionPolicy) sent = default;
        HttpClient client = world.Client(http: builder => builder.ConfigurePrimaryHttpMessageHandler(() =>
        {
            SocketsHttpHandler handler = world.Pki!.Handler();
            handler.PlaintextStreamFilter = (context, _) =>
            {
                sent = (context.InitialRequestMessage.Version, context.InitialRequestMessage.VersionPolicy);
                return new(context.PlaintextStream);
            };
            return handler;
        }));
        var request = new HttpRequestMessage(HttpMethod.Get, "/orders") { Version = new Version(version), VersionPolicy = policy };
        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.OK);
        sent.ShouldBe((new Version(sentVersion), sentPolicy));
        world.Api.Requests.ShouldHaveSingleItem().Protocol.ShouldBe(sentVersion == "1.1" ? "HTTP/1.1" : "HTTP/2");
        (request.Version, request.VersionPolicy).ShouldBe((new Version(version), policy));
    }

    // MTLS-22
    [Theory]
    [InlineData(HttpVersionPolicy.RequestVersionExact)]
    [InlineData(HttpVersionPolicy.RequestVersionOrHigher)]
    public async Task Refuses_a_request_that_insists_on_HTTP_3(HttpVersionPolicy policy)
    {
        await using World world = await World.WithCertificatesAsync();
        var request = new HttpRequestMessage(HttpMethod.Get, "/orders") { Version = HttpVersion.Version30, VersionPolicy = policy };
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().SendAsync(request));
        thrown.Failure.ShouldBe(HoldfastClientFailure.HttpVersionNotSupported);
        world.Api.Requests.ShouldBeEmpty();
    }

    // Other than the default, whatever that is.
    private static void Change(object settings, params string[] except)
    {
        foreach (PropertyInfo property in Settable(settings, except))
        {
            object? before = property.GetValue(settings);
            object? next = property.PropertyType switch
            {
                { } type when type == typeof(bool) => !(bool)before!,
                { } type when type == typeof(int) => property.Name.Contains("WindowSize") ? 131_072 : 7,
                { } type when type == typeof(TimeSpan) => TimeSpan.FromSeconds(7),
                { IsEnum: true } type => Enum.GetValues(type).Cast<object>().First(value => !value.Equals(before)),
                { } type when type == typeof(string) => "changed",
                { } type when type == typeof(CookieContainer) => new CookieContainer(),
                { } type when type == typeof(ICredentials) => new NetworkCredential("a", "b"),
                { } type when type == typeof(IWebProxy) => new WebProxy("http://proxy.example"),
                { } type when type == typeof(X509ChainPolicy) => new X509ChainPolicy(),
                { } type when type == typeof(List<SslApplicationProtocol>) => new List<SslApplicationProtocol> { SslApplicationProtocol.Http2 },
                { } type when type == typeof(CipherSuitesPolicy) => new CipherSuitesPolicy([TlsCipherSuite.TLS_AES_128_GCM_SHA256]),
                { } type when type == typeof(System.Diagnostics.DistributedContextPropagator) => System.Diagnostics.DistributedContextPropagator.CreateNoOutputPropagator(),
                { } type when type == typeof(System.Diagnostics.Metrics.IMeterFactory) =>
                    new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(),
                { } type when type == typeof(HeaderEncodingSelector<HttpRequestMessage>) => new HeaderEncodingSelector<HttpRequestMessage>((_, _) => null),
                { } type when type == typeof(RemoteCertificateValidationCallback) => new RemoteCertificateValidationCallback((_, _, _, _) => true),
                { } type when type == typeof(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>) =>
                    new Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>((_, _) => throw new NotSupportedException()),
                { } type when type == typeof(Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>) =>
                    new Func<SocketsHttpPlaintextStreamFilterContext, CancellationToken, ValueTask<Stream>>((_, _) => throw new NotSupportedException()),
                _ => throw new NotSupportedException($"{property.Name} is new: copy it, and change it here."),
            };
            property.SetValue(settings, next);
            property.GetValue(settings).ShouldNotBe(before, property.Name);
        }
    }

    private static void Compare(object from, object to, params string[] except)
    {
        foreach (PropertyInfo property in from.GetType().GetProperties().Where(property => !except.Contains(property.Name)))
        {
            object? expected = property.GetValue(from), found = property.GetValue(to);
            if (expected is IEnumerable many and not string && found is IEnumerable others)
                others.Cast<object>().ShouldBe(many.Cast<object>(), property.Name);
            else
                found.ShouldBe(expected, property.Name);
        }
    }

    private static IEnumerable<PropertyInfo> Settable(object settings, string[] except) =>
        settings.GetType().GetProperties().Where(property => property.SetMethod?.IsPublic == true && !except.Contains(property.Name));

    private sealed class Another : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }

    private sealed class Derived : HttpClientHandler;

    private sealed class Wrapping : DelegatingHandler;

    // Discovery must succeed for the token request to be tried.
    private sealed class Splitting(HttpMessageHandler get, HttpMessageHandler post) : DelegatingHandler(get)
    {
        private readonly HttpMessageInvoker _post = new(post);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Method == HttpMethod.Get ? base.SendAsync(request, cancellationToken) : _post.SendAsync(request, cancellationToken);
    }

    private sealed class Replacing(string name, Func<HttpMessageHandler> handler) : IHttpMessageHandlerBuilderFilter
    {
        public Action<HttpMessageHandlerBuilder> Configure(Action<HttpMessageHandlerBuilder> next) => builder =>
        {
            next(builder);
            if (builder.Name == name)
                builder.PrimaryHandler = handler();
        };
    }
}
