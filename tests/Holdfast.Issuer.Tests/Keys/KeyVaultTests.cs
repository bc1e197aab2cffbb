using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Registry;
using Holdfast.Testing;
using Microsoft.Data.Sqlite;

namespace Holdfast.Issuer.Tests.Keys;

public class KeyVaultTests
{
    private static string RingOf(IssuerHost issuer) => Path.Combine(issuer.Directory, "key-ring");

    // LIFE-14: nothing in the data directory is a private key as it is.
    [Theory]
    [InlineData("ES256")]
    [InlineData("PS256")]
    public async Task Keeps_the_private_key_encrypted_and_the_key_ring_for_its_owner(string algorithm)
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.Algorithm = algorithm);
        byte[] secret = (await issuer.EntriesAsync()).ShouldHaveSingleItem().Secret.ShouldNotBeNull();
        using AsymmetricAlgorithm key = algorithm == "ES256" ? ECDsa.Create() : RSA.Create();
        for (int start = 0; start < secret.Length; start++)
            Should.Throw<CryptographicException>(() => key.ImportPkcs8PrivateKey(secret.AsSpan(start), out _));
        File.GetUnixFileMode(RingOf(issuer)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.GetFiles(RingOf(issuer)).ShouldHaveSingleItem();
    }

    // LIFE-14: a database without its key ring says so, and starts nothing.
    [Fact]
    public async Task Does_not_start_with_another_key_ring()
    {
        await using IssuerHost issuer = await StoppedAsync();
        Directory.Delete(RingOf(issuer), recursive: true);
        string message = (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message;
        message.ShouldContain(RingOf(issuer));
        message.ShouldContain("Keys:DangerouslyReplaceLostKeys");
    }

    // LIFE-14: docs/operations/issuer-keys.md.
    [Fact]
    public async Task Signs_again_with_a_key_ring_from_its_backup()
    {
        using var backup = new TemporaryFolder();
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string kid = await issuer.SignerAsync();
        (await ProcessRun.ToEndAsync("cp", ["-a", RingOf(issuer), backup.At("key-ring")])).Code.ShouldBe(0);
        await issuer.StopAsync();
        Directory.Delete(RingOf(issuer), recursive: true);
        (await ProcessRun.ToEndAsync("cp", ["-a", backup.At("key-ring"), RingOf(issuer)])).Code.ShouldBe(0);
        await using IssuerHost restored = await IssuerHost.StartAsync(successorOf: issuer);
        (await restored.SignerAsync()).ShouldBe(kid);
    }

    // LIFE-09
    [Fact]
    public async Task Revokes_a_lost_key_and_makes_a_new_one_only_when_told_to()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string lost = await issuer.SignerAsync();
        await issuer.StopAsync();
        Directory.Delete(RingOf(issuer), recursive: true);
        await using IssuerHost next = await IssuerHost.StartAsync(options => options.Keys.DangerouslyReplaceLostKeys = true, successorOf: issuer);
        (await next.SignerAsync()).ShouldNotBe(lost);
        (await next.PublishedAsync()).ShouldNotContain(lost);
        (await next.RevocationsAsync()).ShouldHaveSingleItem().Value.ShouldBe(lost);
    }

    // Where the key can be decrypted the switch does nothing.
    [Fact]
    public async Task Does_not_replace_a_key_that_is_there()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        string kid = await issuer.SignerAsync();
        await issuer.StopAsync();
        await using IssuerHost next = await IssuerHost.StartAsync(options => options.Keys.DangerouslyReplaceLostKeys = true, successorOf: issuer);
        (await next.SignerAsync()).ShouldBe(kid);
    }

    // The secret of one key in the place of another's is not taken for it.
    [Fact]
    public async Task Refuses_a_secret_that_was_exchanged_in_the_database()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        await issuer.RotateAsync();
        string active = (await issuer.KeyAsync(IssuerKeyState.Active)).Kid;
        await issuer.StopAsync();
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(issuer.Directory, "holdfast.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE entry SET secret = (SELECT secret FROM entry WHERE kind = 3 AND id <> $id) WHERE kind = 3 AND id = $id";
            command.Parameters.AddWithValue("$id", active);
            command.ExecuteNonQuery().ShouldBe(1);
        }
        (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message.ShouldContain(active);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    public async Task Does_not_start_with_a_key_ring_that_others_may_look_into(UnixFileMode more)
    {
        await using IssuerHost issuer = await StoppedAsync();
        File.SetUnixFileMode(RingOf(issuer), File.GetUnixFileMode(RingOf(issuer)) | more);
        (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer))).Message.ShouldContain("chmod 700");
    }

    // LIFE-14: with a certificate the directory alone is worth nothing; the first encrypts, all decrypt.
    [Fact]
    public async Task Encrypts_the_key_ring_with_a_certificate()
    {
        using var folder = new TemporaryFolder();
        string first = Certificate(folder, "first.pem"), second = Certificate(folder, "second.pem");
        await using IssuerHost issuer = await IssuerHost.StartAsync(options => options.Keys.KeyRingCertificateFiles = [first]);
        string kid = await issuer.SignerAsync();
        await issuer.StopAsync();
        File.ReadAllText(Directory.GetFiles(RingOf(issuer)).ShouldHaveSingleItem()).ShouldContain("EncryptedKey");
        await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(successorOf: issuer));
        await using IssuerHost renewed = await IssuerHost.StartAsync(options => options.Keys.KeyRingCertificateFiles = [second, first], successorOf: issuer);
        (await renewed.SignerAsync()).ShouldBe(kid);
    }

    [Theory]
    [InlineData("nonsense", UnixFileMode.UserRead)]
    [InlineData(null, UnixFileMode.UserRead | UnixFileMode.GroupRead)]
    public async Task Does_not_start_with_a_certificate_that_is_damaged_or_that_others_can_read(string? content, UnixFileMode mode)
    {
        using var folder = new TemporaryFolder();
        string file = Certificate(folder, "ring.pem");
        if (content is not null)
            File.WriteAllText(file, content);
        File.SetUnixFileMode(file, mode);
        (await Should.ThrowAsync<IssuerStartupException>(() => IssuerHost.StartAsync(options => options.Keys.KeyRingCertificateFiles = [file]))).Message.ShouldContain(file);
    }

    private static string Certificate(TemporaryFolder folder, string name)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        string path = folder.Write(name, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static async Task<IssuerHost> StoppedAsync()
    {
        IssuerHost issuer = await IssuerHost.StartAsync();
        await issuer.StopAsync();
        return issuer;
    }
}
