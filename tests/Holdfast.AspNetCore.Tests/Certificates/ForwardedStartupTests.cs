using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.Tests.Certificates;

/// <summary>What may be declared about proxies, and what the host refuses to start with.</summary>
public class ForwardedStartupTests
{
    private static void Good(ForwardedClientCertificateOptions options) => (options.Format, options.Trust.Addresses) = ("rfc9440", ["10.1.2.3"]);

    private static async Task<string[]> ProblemsOf(params Action<ForwardedClientCertificateOptions>[] listeners)
    {
        OptionsValidationException failure = await Should.ThrowAsync<OptionsValidationException>(async () => await (await TestApi.StartAsync(new()
        {
            Services = services =>
            {
                foreach (Action<ForwardedClientCertificateOptions> listener in listeners)
                    services.AddForwardedClientCertificates(listener);
            },
        })).DisposeAsync());
        return [.. failure.Failures];
    }

    // FWD-10, FWD-20
    [Fact]
    public async Task Lists_every_problem_of_every_listener_at_once()
    {
        string[] problems = await ProblemsOf(_ => { }, options =>
        {
            options.Port = 70000;
            options.UnixSocket = "api.sock";
            options.Format = "guess";
            options.Field = "DPoP";
            options.Trust.Addresses = ["0.0.0.0/0", "127.0.0.1", "nobody"];
            options.Trust.Secrets = ["short"];
            options.Trust.CertificateThumbprints = ["short"];
        });

        problems.Select(problem => problem[..problem.IndexOf(": ")]).ShouldBe(
            ["ForwardedClientCertificates:0:Format", "ForwardedClientCertificates:0:Trust",
                "ForwardedClientCertificates:1:Port", "ForwardedClientCertificates:1:UnixSocket", "ForwardedClientCertificates:1:Trust:UnixSocket", "ForwardedClientCertificates:1",
                "ForwardedClientCertificates:1:Field", "ForwardedClientCertificates:1:Format", "ForwardedClientCertificates:1:Trust:Addresses", "ForwardedClientCertificates:1:Trust:Addresses",
                "ForwardedClientCertificates:1:Trust:CertificateThumbprints", "ForwardedClientCertificates:1:Trust:Secrets"]);
    }

    // FWD-20
    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("0.0.0.0/1")]
    [InlineData("10.0.0.0/7")]
    [InlineData("fc00::/7")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.0/8")]
    [InlineData("::1")]
    public async Task Refuses_to_trust_everybody_or_loopback_alone(string address) =>
        (await ProblemsOf(options => (options.Format, options.Trust.Addresses) = ("rfc9440", [address]))).ShouldAllBe(problem => problem.StartsWith("ForwardedClientCertificates:0:Trust:Addresses"));

    // FWD-20
    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData(null, null, 8080, null)]
    [InlineData(8080, null, 8080, null)]
    [InlineData(8080, null, 8080, "/run/b.sock")]
    [InlineData(8080, "/run/a.sock", 8081, "/run/a.sock")]
    public async Task Refuses_two_formats_for_one_listener(int? port, string? socket, int? otherPort, string? otherSocket)
    {
        Action<ForwardedClientCertificateOptions> At(int? at, string? path) => options =>
        {
            Good(options);
            (options.Port, options.UnixSocket, options.Trust.UnixSocket) = (at, path, path is not null);
        };

        (await ProblemsOf(At(port, socket), At(otherPort, otherSocket))).ShouldHaveSingleItem().ShouldStartWith("ForwardedClientCertificates:1: declares a listener");
    }

    [Theory]
    [InlineData("nginx", "X-SSL-Client-Verify", 1)]
    [InlineData("nginx", "not a field", 1)]
    [InlineData("nginx", "Authorization", 1)]
    [InlineData("nginx", "holdfast_proxy_secret", 1)]
    [InlineData("nginx", null, 2)]
    [InlineData("envoy-xfcc", null, 0)]
    [InlineData("NGINX", null, 1)]
    [InlineData("", null, 1)]
    public async Task Refuses_a_format_that_cannot_be_read(string format, string? field, int hops) =>
        (await ProblemsOf(options =>
        {
            Good(options);
            (options.Format, options.Field, options.XfccHops) = (format, field, hops);
        })).ShouldHaveSingleItem().ShouldStartWith("ForwardedClientCertificates:0:");

    [Fact]
    public async Task Reads_a_listener_from_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Port"] = "8080", ["Format"] = "envoy-xfcc", ["XfccHops"] = "2", ["Trust:Addresses:0"] = "10.0.0.0/8",
        }).Build();
        await using TestApi api = await TestApi.StartAsync(new() { Services = services => services.AddForwardedClientCertificates(configuration.Bind) });

        api.Recorded.Lines.ShouldContain(line => line.Level == LogLevel.Information && line.Text == "Client certificates on port 8080 are those that its trusted proxies hand on, as envoy-xfcc: X-Forwarded-Client-Cert");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Warns_of_a_declared_listener_that_the_server_does_not_have(bool has)
    {
        await using ProxiedApi api = await ProxiedApi.StartAsync(options => options.Port = has || options.UnixSocket is not null ? options.Port : 1);

        string[] warnings = [.. api.Api.Recorded.Lines.Where(line => line.Level == LogLevel.Warning && line.Text.Contains("AddForwardedClientCertificates")).Select(line => line.Text)];
        warnings.Length.ShouldBe(has ? 0 : 1);
        warnings.ShouldAllBe(warning => warning.Contains("declares port 1,"));
    }
}
