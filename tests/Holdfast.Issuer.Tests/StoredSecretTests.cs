using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>Secrets of clients in the registry, which are kept as slow hashes.</summary>
public class StoredSecretTests
{
    /// <summary>Counts what is computed, and can be held up.</summary>
    private sealed class CountingHasher : IClientSecretHasher
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);
        public ManualResetEventSlim Open { get; } = new(true);

        public byte[] Hash(string secret) => Encoding.UTF8.GetBytes("slow:" + secret);

        public bool Verify(string secret, ReadOnlySpan<byte> hash)
        {
            Interlocked.Increment(ref _count);
            Open.Wait();
            return hash.SequenceEqual(Hash(secret));
        }
    }

    private static Client Machine(string id = "machine", string method = "client_secret_post") =>
        new() { ClientId = id, AuthenticationMethod = method, Scopes = ["orders.read"], Resources = [IssuerHost.Orders] };

    private static Task<IssuerHost> StartAsync(CountingHasher? hasher = null, Action<HoldfastIssuerOptions>? more = null) => IssuerHost.StartAsync(o =>
    {
        o.AllowClientSecrets = true;
        more?.Invoke(o);
    }, services: services =>
    {
        if (hasher is not null)
            services.AddSingleton<IClientSecretHasher>(hasher);
    });

    private static Task<TokenAnswer> AskAsync(IssuerHost issuer, string clientId, string secret) =>
        issuer.SendAsync(PublicApp.Form(("grant_type", "client_credentials"), ("client_id", clientId), ("client_secret", secret)));

    private static Task<TokenAnswer> AskByFieldAsync(IssuerHost issuer, string clientId, string secret) =>
        issuer.SendAsync(PublicApp.Form(("grant_type", "client_credentials")), authorization: new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{secret}"))));

    // The real hash, as the registry stores it.
    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    public async Task Takes_the_secret_of_a_registered_client(string method)
    {
        await using IssuerHost issuer = await StartAsync();
        string secret = ClientSecret.Create();
        await issuer.WriteAsync(Machine(method: method), 0, new Pbkdf2ClientSecretHasher().Hash(secret));
        Func<IssuerHost, string, string, Task<TokenAnswer>> right = method == "client_secret_post" ? AskAsync : AskByFieldAsync;
        Func<IssuerHost, string, string, Task<TokenAnswer>> wrong = method == "client_secret_post" ? AskByFieldAsync : AskAsync;
        CallerKey.Payload((await right(issuer, "machine", secret)).ShouldBeToken()).GetProperty("cnf").GetProperty("jkt").GetString().ShouldBe(issuer.Key.Thumbprint);
        (await right(issuer, "machine", secret + "x")).Error.ShouldBe("invalid_client");
        (await right(issuer, "machine", secret)).ShouldBeToken();
        (await wrong(issuer, "machine", secret)).Error.ShouldBe("invalid_client");
        issuer.Log.Lines.ShouldContain(line => line.Contains("machine") && line.Contains("shared secret"));
        issuer.Log.Lines.ShouldAllBe(line => !line.Contains(secret));
    }

    [Fact]
    public async Task Refuses_secrets_of_registered_clients_where_they_are_off()
    {
        await using IssuerHost issuer = await StartAsync(new CountingHasher(), o => o.AllowClientSecrets = false);
        await issuer.WriteAsync(Machine(), 0, new CountingHasher().Hash("s"));
        issuer.ShouldRefuse(await AskAsync(issuer, "machine", "s"), VerificationFailure.ClientMethodNotAllowed, "invalid_client");
    }

    // Slow once, as long as the entry stays as it is.
    [Fact]
    public async Task Computes_the_hash_of_a_right_secret_once()
    {
        var hasher = new CountingHasher();
        await using IssuerHost issuer = await StartAsync(hasher);
        await issuer.WriteAsync(Machine(), 0, hasher.Hash("one"));
        for (int i = 0; i < 5; i++)
            (await AskAsync(issuer, "machine", "one")).ShouldBeToken();
        hasher.Count.ShouldBe(1);
        await issuer.WriteAsync(Machine(), await issuer.RevisionAsync("machine"), hasher.Hash("two"));
        issuer.Clock.Advance(TimeSpan.FromSeconds(2));
        issuer.ShouldRefuse(await AskAsync(issuer, "machine", "one"), VerificationFailure.ClientSecretWrong, "invalid_client");
        (await AskAsync(issuer, "machine", "two")).ShouldBeToken();
        hasher.Count.ShouldBe(3);
    }

    // RFC 9700 §2.5: who is not there costs as much as who is, known secret or not; or the time would tell.
    [Fact]
    public async Task Computes_as_much_for_strangers_as_for_clients()
    {
        var hasher = new CountingHasher();
        await using IssuerHost issuer = await StartAsync(hasher, o => o.Clients.Add(new()
        {
            ClientId = "fast", AuthenticationMethod = "client_secret_post", ClientSecretSha256 = IssuerHost.HashOf(IssuerHost.Secret), Scopes = ["orders.read"], Resources = [IssuerHost.Orders],
        }));
        await issuer.WriteAsync(Machine(), 0, hasher.Hash("one"));
        (await AskAsync(issuer, "machine", "one")).ShouldBeToken();
        (await AskAsync(issuer, "fast", IssuerHost.Secret)).ShouldBeToken();
        foreach (string clientId in new[] { "machine", "nobody", "fast", IssuerHost.ClientId })
        {
            int before = hasher.Count;
            (await AskAsync(issuer, clientId, "guess")).Error.ShouldBe("invalid_client");
            (hasher.Count - before).ShouldBe(1, clientId);
        }
    }

    // A hash of the settings is a fast one, and none of the registry's is.
    [Fact]
    public async Task Takes_no_plain_hash_from_the_registry()
    {
        await using IssuerHost issuer = await StartAsync();
        await issuer.WriteAsync(Machine(), 0, Convert.FromHexString(IssuerHost.HashOf(IssuerHost.Secret)));
        issuer.ShouldRefuse(await AskAsync(issuer, "machine", IssuerHost.Secret), VerificationFailure.ClientSecretWrong, "invalid_client");
        await issuer.WriteAsync(Machine("bare"), 0);
        issuer.Clock.Advance(TimeSpan.FromSeconds(2));
        issuer.ShouldRefuse(await AskAsync(issuer, "bare", "any"), VerificationFailure.ClientSecretWrong, "invalid_client");
    }

    // Bounded: what is too much is told to wait, and a client that is known is not held up.
    [Fact]
    public async Task Tells_a_flood_of_guesses_to_wait_and_serves_known_clients()
    {
        var hasher = new CountingHasher();
        await using IssuerHost issuer = await StartAsync(hasher, o => o.RateLimits.FailedAuthenticationsPerMinute = 1000);
        await issuer.WriteAsync(Machine(), 0, hasher.Hash("one"));
        (await AskAsync(issuer, "machine", "one")).ShouldBeToken();
        hasher.Open.Reset();
        int turns = Math.Max(1, Environment.ProcessorCount / 2);
        Task<TokenAnswer>[] guesses = [.. Enumerable.Range(0, turns + 16).Select(i => Task.Run(() => AskAsync(issuer, "machine", $"guess-{i}")))];
        TokenAnswer refused = await WaitForRefusalAsync(issuer, guesses);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        (await AskAsync(issuer, "machine", "one")).ShouldBeToken();
        hasher.Open.Set();
        foreach (TokenAnswer answer in await Task.WhenAll(guesses))
            answer.Token.ShouldBeNull();
        hasher.Count.ShouldBeLessThanOrEqualTo(1 + turns + 16 + 1);
    }

    // Of this many at once at least one more than fit is sent; the first that does not wait is the answer.
    private static async Task<TokenAnswer> WaitForRefusalAsync(IssuerHost issuer, Task<TokenAnswer>[] guesses)
    {
        Task<TokenAnswer> first = await Task.WhenAny([.. guesses, .. Enumerable.Range(0, 16).Select(i => Task.Run(() => AskAsync(issuer, "machine", $"more-{i}")))]);
        return await first;
    }
}
