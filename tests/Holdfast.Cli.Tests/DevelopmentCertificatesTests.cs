using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

public sealed class DevelopmentCertificatesTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string[] Leaves = ["server.pem", "mtls-client.pem", "mtls-neighbour.pem"];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Start);

    private string Data => _folder.At("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Makes_an_authority_that_signs_leaves_and_nothing_else()
    {
        Load();
        using X509Certificate2 ca = Certificate("ca.pem");

        X509BasicConstraintsExtension constraints = ca.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        (constraints.CertificateAuthority, constraints.PathLengthConstraint, constraints.Critical).ShouldBe((true, 0, true));
        X509KeyUsageExtension usage = ca.Extensions.OfType<X509KeyUsageExtension>().Single();
        (usage.KeyUsages, usage.Critical).ShouldBe((X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        ca.Extensions.OfType<X509SubjectKeyIdentifierExtension>().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("server.pem", "1.3.6.1.5.5.7.3.1", "CN=localhost")]
    [InlineData("mtls-client.pem", "1.3.6.1.5.5.7.3.2", "CN=orders-mtls-client")]
    [InlineData("mtls-neighbour.pem", "1.3.6.1.5.5.7.3.2", "CN=neighbour")]
    public void Issues_each_certificate_for_its_own_usage_alone(string name, string usage, string subject)
    {
        Load();
        using X509Certificate2 leaf = Certificate(name);

        leaf.Subject.ShouldBe(subject);
        IsTrusted(name, usage).ShouldBeTrue();
        IsTrusted(name, usage == "1.3.6.1.5.5.7.3.1" ? "1.3.6.1.5.5.7.3.2" : "1.3.6.1.5.5.7.3.1").ShouldBeFalse();
        leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority.ShouldBeFalse();
        leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().Single().KeyIdentifier!.Value.ToArray()
            .ShouldBe(Certificate("ca.pem").Extensions.OfType<X509SubjectKeyIdentifierExtension>().Single().SubjectKeyIdentifierBytes.ToArray());
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("example.com", false)]
    public void Names_the_server_as_this_machine(string name, bool expected)
    {
        Load();
        using X509Certificate2 server = Certificate("server.pem");

        server.MatchesHostname(name, allowCommonName: false).ShouldBe(expected);
    }

    [Fact]
    public void Finds_everything_again()
    {
        Load();
        string[] first = Contents();
        _time.Advance(TimeSpan.FromDays(300));
        Load();

        Contents().ShouldBe(first);
    }

    // 397 days, of which the last 30 are too near the end.
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Renews_what_is_near_its_end_with_its_key(int seconds, bool renewed)
    {
        Load();
        Dictionary<string, string> before = Files();
        _time.Advance(TimeSpan.FromDays(397 - 30) + TimeSpan.FromSeconds(seconds));
        Load();

        Dictionary<string, string> after = Files();
        before.Keys.Where(name => before[name] != after[name]).ShouldBe(renewed ? Leaves : [], ignoreOrder: true);
        Leaves.ShouldAllBe(name => Certificate(name).NotAfter.ToUniversalTime() > _time.GetUtcNow().UtcDateTime.AddDays(renewed ? 396 : 29));
    }

    // Ten years; no leaf may outlive its authority.
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public void Renews_the_authority_with_its_key_before_a_leaf_could_outlive_it(int seconds, bool renewed)
    {
        Load();
        Dictionary<string, string> before = Files();
        _time.Advance(TimeSpan.FromDays(3650 - 397) + TimeSpan.FromSeconds(seconds));
        Load();

        (before["ca.pem"] != Files()["ca.pem"]).ShouldBe(renewed);
        Files()["ca-key.pem"].ShouldBe(before["ca-key.pem"]);
        Certificate("ca.pem").NotAfter.ShouldBeGreaterThanOrEqualTo(Leaves.Max(name => Certificate(name).NotAfter));
        IsTrusted("mtls-client.pem", "1.3.6.1.5.5.7.3.2").ShouldBeTrue();
    }

    [Theory]
    [InlineData("ca.pem")]
    [InlineData("server.pem")]
    [InlineData("mtls-client.pem")]
    public void Makes_a_missing_certificate_from_its_key(string name)
    {
        Load();
        Dictionary<string, string> before = Files();
        File.Delete(Path.Combine(Data, name));
        Load();

        Files().Keys.ShouldBe(before.Keys, ignoreOrder: true);
        Files()[name.Replace(".pem", "-key.pem", StringComparison.Ordinal)].ShouldBe(before[name.Replace(".pem", "-key.pem", StringComparison.Ordinal)]);
        IsTrusted("server.pem", "1.3.6.1.5.5.7.3.1").ShouldBeTrue();
    }

    [Fact]
    public void Issues_everything_anew_for_a_new_authority()
    {
        Load();
        Dictionary<string, string> before = Files();
        File.Delete(Path.Combine(Data, "ca-key.pem"));
        Load();

        Dictionary<string, string> after = Files();
        before.Keys.Where(name => before[name] != after[name]).ShouldBe(["ca-key.pem", "ca.pem", .. Leaves], ignoreOrder: true);
        IsTrusted("server.pem", "1.3.6.1.5.5.7.3.1").ShouldBeTrue();
        IsTrusted("mtls-client.pem", "1.3.6.1.5.5.7.3.2").ShouldBeTrue();
    }

    [Theory]
    [InlineData("ca.pem", "delete ca.pem")]
    [InlineData("ca-key.pem", "delete ca-key.pem and ca.pem")]
    [InlineData("server.pem", "delete server.pem")]
    [InlineData("mtls-client.pem", "delete mtls-client.pem")]
    [InlineData("mtls-client-key.pem", "delete mtls-client-key.pem and mtls-client.pem")]
    public void Refuses_a_damaged_file_and_names_the_fix(string name, string fix)
    {
        foreach (string content in new[] { "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", OtherCertificate() })
        {
            Load();
            string path = Path.Combine(Data, name), good = File.ReadAllText(path);
            File.WriteAllText(path, content);

            string problem = Should.Throw<CliException>(Load).Problems.ShouldHaveSingleItem();
            problem.ShouldContain(path);
            problem.ShouldContain("damaged");
            problem.ShouldContain(fix);
            File.WriteAllText(path, good);
        }
    }

    [Theory]
    [InlineData("ca-key.pem", UnixFileMode.OtherRead)]
    [InlineData("server-key.pem", UnixFileMode.GroupRead)]
    [InlineData("mtls-client-key.pem", UnixFileMode.OtherWrite)]
    // Whoever may change it decides whom the clients trust.
    [InlineData("ca.pem", UnixFileMode.OtherWrite)]
    [InlineData("mtls-client.pem", UnixFileMode.GroupWrite)]
    public void Refuses_an_exposed_file_and_names_the_fix(string name, UnixFileMode exposed)
    {
        Load();
        string path = Path.Combine(Data, name);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | exposed);

        Should.Throw<CliException>(Load).Message.ShouldContain($"chmod 600 '{path}'");
    }

    [Fact]
    public void A_certificate_may_be_read_by_others()
    {
        Load();
        File.SetUnixFileMode(Path.Combine(Data, "ca.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Should.NotThrow(Load);
    }

    private void Load()
    {
        using DataDirectory directory = DataDirectory.Open(Data);
        using DevelopmentCertificates certificates = DevelopmentCertificates.LoadOrCreate(directory, _time);
        certificates.Server.HasPrivateKey.ShouldBeTrue();
    }

    private bool IsTrusted(string name, string usage)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Certificate("ca.pem"));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        return chain.Build(Certificate(name));
    }

    private X509Certificate2 Certificate(string name) => X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(Data, name)));

    private string[] Contents() => [.. Files().OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => file.Value)];

    private Dictionary<string, string> Files() =>
        Directory.GetFiles(Data, "*.pem").ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    private static string OtherCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=other", key, HashAlgorithmName.SHA256).CreateSelfSigned(Start.AddDays(-1), Start.AddDays(1)).ExportCertificatePem();
    }
}
