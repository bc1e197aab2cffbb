using System.Security.Cryptography;
using Holdfast.Registry;
using Holdfast.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests.Keys;

public class EarlierKeyFileTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // LIFE-04: nobody's tokens break, since verifiers know it already; LIFE-14: and it lies about in the clear no longer.
    [Fact]
    public async Task Takes_the_key_over_as_the_first_one_and_deletes_the_file()
    {
        await using IssuerHost earlier = await EmptyAsync();
        string kid = Write(earlier);
        await using IssuerHost issuer = await IssuerHost.StartAsync(successorOf: earlier);
        (await issuer.SignerAsync()).ShouldBe(kid);
        (await issuer.PublishedAsync()).ShouldBe([kid]);
        File.Exists(FileOf(issuer)).ShouldBeFalse();
        await issuer.StopAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(successorOf: issuer);
        (await next.SignerAsync()).ShouldBe(kid);
    }

    // Where the issuer has a key already, what the file's key signed is verified as long as it lives.
    [Fact]
    public async Task Publishes_the_key_only_where_another_signs()
    {
        await using IssuerHost before = await IssuerHost.StartAsync();
        string active = await before.SignerAsync();
        await before.StopAsync();
        string kid = Write(before);
        await using IssuerHost issuer = await IssuerHost.StartAsync(successorOf: before);
        (await issuer.SignerAsync()).ShouldBe(active);
        (await issuer.PublishedAsync()).Order().ShouldBe(new[] { active, kid }.Order());
        File.Exists(FileOf(issuer)).ShouldBeFalse();
        issuer.Clock.Advance(TimeSpan.FromMinutes(65));
        (await issuer.PublishedAsync()).ShouldBe([active]);
    }

    // LIFE-06, LIFE-09: a file from a backup does not bring back what was taken out.
    [Fact]
    public async Task Does_not_bring_back_a_key_that_was_revoked()
    {
        await using IssuerHost earlier = await EmptyAsync();
        string kid = Write(earlier);
        string pem = await File.ReadAllTextAsync(FileOf(earlier));
        await using IssuerHost issuer = await IssuerHost.StartAsync(successorOf: earlier);
        await issuer.RetireAsync(kid, immediately: true);
        await issuer.StopAsync();
        Write(issuer, pem);
        await using IssuerHost next = await IssuerHost.StartAsync(successorOf: issuer);
        (await next.PublishedAsync()).ShouldNotContain(kid);
        (await next.SignerAsync()).ShouldNotBe(kid);
        File.Exists(FileOf(next)).ShouldBeFalse();
    }

    // A crash after the write and before the answer: the file is there still, and the next start finds the key in the registry.
    [Fact]
    public async Task Keeps_the_file_until_the_key_is_written()
    {
        await using IssuerHost earlier = await EmptyAsync();
        string kid = Write(earlier);
        foreach (bool isWritten in new[] { false, true })
        {
            await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: earlier, services: services => LosingAnswers.Of(services, isWritten)));
            File.Exists(FileOf(earlier)).ShouldBeTrue();
        }
        await using IssuerHost issuer = await IssuerHost.StartAsync(successorOf: earlier);
        (await issuer.SignerAsync()).ShouldBe(kid);
        (await issuer.KeysAsync()).ShouldHaveSingleItem();
        File.Exists(FileOf(issuer)).ShouldBeFalse();
    }

    public static TheoryData<string, string> DamagedKeys => new()
    {
        { "empty", "" },
        { "words", "not a key" },
        { "cut", "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w\n-----END PRIVATE KEY-----\n" },
        { "another curve", ECDsa.Create(ECCurve.NamedCurves.nistP384).ExportPkcs8PrivateKeyPem() },
        { "RSA", RSA.Create(2048).ExportPkcs8PrivateKeyPem() },
        { "public", ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem() },
    };

    [Theory]
    [MemberData(nameof(DamagedKeys))]
    public async Task Does_not_start_with_a_damaged_key(string damage, string content)
    {
        damage.ShouldNotBeEmpty();
        await using IssuerHost issuer = await EmptyAsync();
        Write(issuer, content);
        (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message.ShouldContain(FileOf(issuer));
        File.Exists(FileOf(issuer)).ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_start_with_a_key_that_others_can_read()
    {
        await using IssuerHost issuer = await EmptyAsync();
        Write(issuer);
        File.SetUnixFileMode(FileOf(issuer), OwnerOnly | UnixFileMode.GroupRead);
        (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message.ShouldContain("chmod 600");
    }

    private static string FileOf(IssuerHost issuer) => Path.Combine(issuer.Directory, "signing-key.pem");

    private static string Write(IssuerHost issuer)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Write(issuer, key.ExportPkcs8PrivateKeyPem());
        return ProofSigner.Create(key).Thumbprint.ToString();
    }

    private static void Write(IssuerHost issuer, string pem)
    {
        Directory.CreateDirectory(issuer.Directory, OwnerOnly | UnixFileMode.UserExecute);
        File.WriteAllText(FileOf(issuer), pem);
        File.SetUnixFileMode(FileOf(issuer), OwnerOnly);
    }

    // As before the first start.
    private static async Task<IssuerHost> EmptyAsync()
    {
        IssuerHost issuer = await IssuerHost.StartAsync();
        await issuer.StopAsync();
        Directory.Delete(issuer.Directory, recursive: true);
        return issuer;
    }
}
