using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Client.Tests.Fakes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests;

public class CertificateFileTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static string CertificateFile(World world) => Path.Combine(world.Folder, "tls.crt");

    private static string KeyFile(World world) => Path.Combine(world.Folder, "tls.key");

    private static void Write(World world, X509Certificate2 certificate, params X509Certificate2[] chain)
    {
        File.WriteAllText(CertificateFile(world), string.Join('\n', [certificate.ExportCertificatePem(), .. chain.Select(next => next.ExportCertificatePem())]));
        World.WriteKey(KeyFile(world), Key(certificate));
    }

    private static string Key(X509Certificate2 certificate) => certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();

    private static HttpClient Client(World world) => world.Client(o =>
        (o.ClientCertificateSource, o.ClientCertificateFile, o.ClientCertificateKeyFile) = (null, CertificateFile(world), KeyFile(world)));

    private static int Warnings(World world) => world.Logs.Count(log => log.Level == LogLevel.Warning && log.Text.Contains("stays in use"));

    // MTLS-40: at the earliest moment and not before.
    [Fact]
    public async Task Takes_a_renewed_file_without_a_restart()
    {
        await using World world = await World.WithCertificatesAsync();
        using X509Certificate2 first = TestPki.Client(), second = TestPki.Client();
        Write(world, first);
        HttpClient client = Client(world);
        await client.GetAsync("/orders");
        Write(world, second);
        world.Time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        await client.GetAsync("/orders");
        world.Time.Advance(TimeSpan.FromTicks(1));
        await client.GetAsync("/orders");

        world.Api.Requests.Select(seen => (seen.Authorization, seen.Certificate)).ShouldBe(
            [("Bearer opaque~1", TestPki.Thumbprint(first)), ("Bearer opaque~1", TestPki.Thumbprint(first)), ("Bearer opaque~2", TestPki.Thumbprint(second))]);
        Warnings(world).ShouldBe(0);
    }

    // A mounted secret is renewed by switching the link above both files.
    [Fact]
    public async Task Follows_links_that_are_switched()
    {
        await using World world = await World.WithCertificatesAsync();
        using X509Certificate2 first = TestPki.Client(), second = TestPki.Client();
        string current = Path.Combine(world.Folder, "..data");
        foreach ((string name, X509Certificate2 certificate) in new[] { ("one", first), ("two", second) })
        {
            string folder = Directory.CreateDirectory(Path.Combine(world.Folder, name)).FullName;
            File.WriteAllText(Path.Combine(folder, "tls.crt"), certificate.ExportCertificatePem());
            World.WriteKey(Path.Combine(folder, "tls.key"), Key(certificate));
        }
        Directory.CreateSymbolicLink(current, "one");
        HttpClient client = world.Client(o => (o.ClientCertificateSource, o.ClientCertificateFile, o.ClientCertificateKeyFile) =
            (null, Path.Combine(current, "tls.crt"), Path.Combine(current, "tls.key")));
        await client.GetAsync("/orders");
        Directory.Delete(current);
        Directory.CreateSymbolicLink(current, "two");
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await client.GetAsync("/orders");
        world.Api.Requests.Select(seen => seen.Certificate).ShouldBe([TestPki.Thumbprint(first), TestPki.Thumbprint(second)]);
    }

    [Fact]
    public async Task Keeps_the_old_pair_while_only_one_file_is_renewed_and_says_so_once()
    {
        await using World world = await World.WithCertificatesAsync();
        using X509Certificate2 first = TestPki.Client(), second = TestPki.Client();
        Write(world, first);
        HttpClient client = Client(world);
        await client.GetAsync("/orders");
        File.WriteAllText(CertificateFile(world), second.ExportCertificatePem());
        for (int i = 0; i < 3; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(5));
            await client.GetAsync("/orders");
        }
        Warnings(world).ShouldBe(1);
        World.WriteKey(KeyFile(world), Key(second));
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await client.GetAsync("/orders");

        world.Api.Requests.Select(seen => seen.Certificate).Distinct().ShouldBe([TestPki.Thumbprint(first), TestPki.Thumbprint(second)]);
        world.Issuer.Requests.Count.ShouldBe(2);
        world.Logs.ShouldAllBe(log => !log.Text.Contains("PRIVATE KEY"));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("damaged")]
    [InlineData("exposed")]
    public async Task Keeps_the_old_pair_when_the_new_one_cannot_be_used(string how)
    {
        await using World world = await World.WithCertificatesAsync();
        using X509Certificate2 first = TestPki.Client(), second = TestPki.Client();
        Write(world, first);
        HttpClient client = Client(world);
        await client.GetAsync("/orders");
        Write(world, second);
        switch (how)
        {
            case "missing": File.Delete(CertificateFile(world)); break;
            case "damaged": File.WriteAllText(CertificateFile(world), second.ExportCertificatePem()[..100]); break;
            case "exposed": File.SetUnixFileMode(KeyFile(world), Owner | UnixFileMode.GroupRead); break;
        }
        world.Time.Advance(TimeSpan.FromSeconds(5));
        await client.GetAsync("/orders");
        world.Api.Requests.ShouldAllBe(seen => seen.Certificate == TestPki.Thumbprint(first));
        Warnings(world).ShouldBe(1);
    }

    // MTLS-40: one that has run out is presented all the same; the server decides, and the operator is told.
    [Fact]
    public async Task Says_that_a_certificate_has_run_out()
    {
        await using World world = await World.WithCertificatesAsync();
        DateTimeOffset now = world.Time.GetUtcNow();
        using X509Certificate2 over = TestPki.Client(now.AddDays(-2), now.AddSeconds(-1));
        Write(world, over);
        await Client(world).GetAsync("/orders");
        world.Logs.ShouldContain(log => log.Level == LogLevel.Warning && log.Text.Contains(TestPki.Thumbprint(over)));
        world.Api.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(TestPki.Thumbprint(over));
    }

    // MTLS-06: the authorization server builds the chain; what stands between it and its anchor comes along.
    [Fact]
    public async Task Sends_the_chain_along()
    {
        await using World world = await World.WithCertificatesAsync();
        using X509Certificate2 between = TestPki.Issue("CN=Between", world.Pki!.Authority, isAuthority: true);
        using X509Certificate2 leaf = TestPki.Issue("CN=orders-client", between);
        Write(world, leaf, between);
        await Client(world).GetAsync("/orders");
        world.Issuer.Chains.ShouldHaveSingleItem().ShouldContain(TestPki.Thumbprint(between));
        world.Issuer.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(TestPki.Thumbprint(leaf));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task Refuses_a_key_file_that_is_open_to_others(UnixFileMode open)
    {
        await using World world = await World.WithCertificatesAsync();
        Write(world, TestPki.Client());
        File.SetUnixFileMode(KeyFile(world), Owner | open);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => Client(world).GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.KeyFileExposed);
        thrown.Message.ShouldContain(KeyFile(world));
        world.Issuer.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("EC")]
    [InlineData("RSA")]
    public async Task Reads_keys_in_the_forms_that_tools_write(string kind)
    {
        await using World world = await World.WithCertificatesAsync();
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = kind == "EC"
            ? TestPki.Client()
            : new CertificateRequest("CN=orders-client", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(80));
        Write(world, kind == "EC" ? certificate : TestPki.Client());
        File.WriteAllText(CertificateFile(world), certificate.ExportCertificatePem());
        World.WriteKey(KeyFile(world), kind == "EC" ? certificate.GetECDsaPrivateKey()!.ExportECPrivateKeyPem() : rsa.ExportRSAPrivateKeyPem());
        await Client(world).GetAsync("/orders");
        world.Api.Requests.ShouldHaveSingleItem().Certificate.ShouldBe(TestPki.Thumbprint(certificate));
    }

    public static TheoryData<string> Broken => ["empty", "text", "key of another", "encrypted", "swapped", "long"];

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Says_in_one_sentence_that_the_files_are_no_pair(string how)
    {
        await using World world = await World.WithCertificatesAsync();
        using X509Certificate2 certificate = TestPki.Client();
        string pem = certificate.ExportCertificatePem(), key = Key(certificate);
        using ECDsa private_ = certificate.GetECDsaPrivateKey()!;
        (pem, key) = how switch
        {
            "empty" => ("", key),
            "text" => ("hello", key),
            "key of another" => (pem, Key(TestPki.Client())),
            "encrypted" => (pem, private_.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1))),
            "swapped" => (key, pem),
            _ => (new string('x', 70_000), key),
        };
        File.WriteAllText(CertificateFile(world), pem);
        World.WriteKey(KeyFile(world), key);
        HttpClient client = Client(world);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.CertificateInvalid);
        thrown.Message.ShouldContain(CertificateFile(world));
        thrown.Message.ShouldNotContain('\n');
        thrown.ToString().ShouldNotContain(Key(certificate).Split('\n')[1]);

        // And then it is gone; and then it is mended.
        File.Delete(CertificateFile(world));
        (await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"))).Failure.ShouldBe(HoldfastClientFailure.CertificateUnavailable);
        Write(world, certificate);
        await client.GetAsync("/orders");
        world.Api.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Is_set_in_the_configuration_section()
    {
        await using World world = await World.WithCertificatesAsync();
        world.Issuer.TokenType = "DPoP";
        using X509Certificate2 certificate = TestPki.Client();
        Write(world, certificate);
        HttpClient client = world.Client(o => o.ClientCertificateSource = null, services: services => services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Holdfast:Clients:orders-client:ClientCertificateFile"] = CertificateFile(world),
                ["Holdfast:Clients:orders-client:ClientCertificateKeyFile"] = KeyFile(world),
                ["Holdfast:Clients:orders-client:Binding"] = "both",
                ["Holdfast:Clients:orders-client:ProofKeyFile"] = world.ProofKeyFile,
            }).Build()));
        await client.GetAsync("/orders");
        Seen seen = world.Api.Requests.ShouldHaveSingleItem();
        seen.Certificate.ShouldBe(TestPki.Thumbprint(certificate));
        seen.HasProof.ShouldBeTrue();
    }
}
