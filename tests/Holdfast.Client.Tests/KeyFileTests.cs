using System.Security.Cryptography;
using Holdfast.Client.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tests;

public class KeyFileTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // DPOP-C-23
    [Fact]
    public async Task Creates_the_key_for_its_owner_only()
    {
        await using World world = await World.CreateAsync();
        await world.Client().GetAsync("/orders");
        File.GetUnixFileMode(world.ProofKeyFile).ShouldBe(Owner);
        File.GetUnixFileMode(Path.GetDirectoryName(world.ProofKeyFile)!).ShouldBe(Owner | UnixFileMode.UserExecute);
        Directory.GetFiles(Path.GetDirectoryName(world.ProofKeyFile)!).ShouldBe([world.ProofKeyFile]);
        using ECDsa key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(world.ProofKeyFile));
        ProofSigner.Create(key).Thumbprint.ToString().ShouldBe(world.Api.Requests[0].Proof.VerifiedThumbprint());
    }

    [Fact]
    public async Task Uses_one_key_when_several_clients_start_together()
    {
        await using World world = await World.CreateAsync();
        HttpClient[] clients = [.. Enumerable.Range(0, 8).Select(_ => world.Client())];
        await Task.WhenAll(clients.Select(client => Task.Run(() => client.GetAsync("/orders"))));
        world.Api.Requests.Count.ShouldBe(8);
        world.Api.Requests.Select(seen => seen.Proof.VerifiedThumbprint()).Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task Refuses_a_key_file_that_is_open_to_others(UnixFileMode open)
    {
        await using World world = await World.CreateAsync();
        File.SetUnixFileMode(world.ClientKeyFile, Owner | open);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.KeyFileExposed);
        thrown.Message.ShouldContain(world.ClientKeyFile);

    }

    public static TheoryData<string, string> Damaged
    {
        get
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            string pem = key.ExportPkcs8PrivateKeyPem();
            return new()
            {
                { "empty", "" },
                { "text", "hello" },
                { "cut", pem[..(pem.Length / 2)] },
                { "flipped", pem.Replace("MIG", "MIA") },
                { "public", key.ExportSubjectPublicKeyInfoPem() },
                { "encrypted", key.ExportEncryptedPkcs8PrivateKeyPem("x", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)) },
                { "long", new string('x', 70_000) },
                { "other curve", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1).ExportPkcs8PrivateKeyPem() },
                { "short RSA", RSA.Create(1024).ExportPkcs8PrivateKeyPem() },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public async Task Says_in_one_sentence_that_a_key_file_is_damaged(string how, string text)
    {
        await using World world = await World.CreateAsync();
        World.WriteKey(world.ClientKeyFile, text);
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"), how);
        thrown.Failure.ShouldBe(HoldfastClientFailure.KeyFileDamaged);
        thrown.Message.ShouldContain(world.ClientKeyFile);
        thrown.Message.ShouldNotContain('\n');
    }

    [Fact]
    public async Task Recovers_once_the_file_is_mended()
    {
        await using World world = await World.CreateAsync();
        string good = File.ReadAllText(world.ClientKeyFile);
        World.WriteKey(world.ClientKeyFile, "damaged");
        HttpClient client = world.Client();
        await Should.ThrowAsync<HoldfastClientException>(() => client.GetAsync("/orders"));
        World.WriteKey(world.ClientKeyFile, good);
        await client.GetAsync("/orders");
        world.Api.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Does_not_replace_a_damaged_proof_key()
    {
        await using World world = await World.CreateAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(world.ProofKeyFile)!);
        World.WriteKey(world.ProofKeyFile, "damaged");
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => world.Client().GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.KeyFileDamaged);
        File.ReadAllText(world.ProofKeyFile).ShouldBe("damaged");
    }

    [Fact]
    public async Task Says_that_a_key_file_cannot_be_created()
    {
        await using World world = await World.CreateAsync();
        // A file where a folder is needed.
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() =>
            world.Client(o => o.ProofKeyFile = Path.Combine(world.ClientKeyFile, "proof.pem")).GetAsync("/orders"));
        thrown.Failure.ShouldBe(HoldfastClientFailure.KeyFileUnavailable);
    }

    // DPOP-C-24
    [Fact]
    public async Task Keeps_a_key_of_its_own_for_each_issuer()
    {
        await using World one = await World.CreateAsync();
        await using World two = await World.CreateAsync();
        // Only tests of this class let the client choose the place.
        Environment.SetEnvironmentVariable("XDG_DATA_HOME", one.Folder);
        foreach (World world in new[] { one, two, one })
            await world.Client(o => o.ProofKeyFile = null).GetAsync("/orders");

        string[] files = Directory.GetFiles(Path.Combine(one.Folder, "holdfast", "keys"));
        files.Length.ShouldBe(2);
        files.ShouldAllBe(file => Path.GetFileName(file).StartsWith("orders-client-"));
        string[] keys = [.. one.Api.Requests.Concat(two.Api.Requests).Select(seen => seen.Proof.VerifiedThumbprint())];
        keys[0].ShouldBe(keys[1]);
        keys[2].ShouldNotBe(keys[0]);
    }

    // DPOP-C-24
    [Fact]
    public async Task Warns_where_two_issuers_see_the_same_key()
    {
        await using World one = await World.CreateAsync();
        await using World two = await World.CreateAsync();
        IHoldfastTokens tokens = one.Provider(services: services => services.AddHoldfastClient("other", o =>
            (o.Issuer, o.ClientId, o.ClientKeyFile, o.ProofKeyFile) = (two.Issuer.Issuer, "other", two.ClientKeyFile, one.ProofKeyFile)))
            .GetRequiredService<IHoldfastTokens>();
        await tokens.GetTokenAsync("orders-client");
        one.Logs.ShouldNotContain(log => log.Text.Contains("every issuer"));
        await tokens.GetTokenAsync("other");
        one.Logs.ShouldContain(log => log.Level == LogLevel.Warning && log.Text.Contains("every issuer"));
    }
}
