using System.Security.Cryptography;
using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>What both engines answer. Each test has a database of its own.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    internal static readonly DateTimeOffset Now = new ManualTimeProvider().UtcNow;
    private readonly List<TestStore> _stores = [];

    internal TestStore Store => _stores[0];

    internal IEnumerable<TestStore> Others => _stores.Skip(1);

    internal IIssuerStore Issuer => Store.Issuer;

    internal IRegistryStore Registry => Store.Registry;

    /// <summary>The settings of this test's database.</summary>
    protected abstract void Configure(HoldfastStorageOptions options);

    protected virtual Task CreateAsync() => Task.CompletedTask;

    public async Task InitializeAsync()
    {
        await CreateAsync();
        await StartAsync();
    }

    public virtual async Task DisposeAsync()
    {
        foreach (TestStore store in _stores)
            await store.DisposeAsync();
    }

    /// <summary>Another process on the same database.</summary>
    internal async Task<TestStore> StartAsync(Action<HoldfastStorageOptions>? configure = null)
    {
        TestStore store = await TestStore.StartAsync(options =>
        {
            Configure(options);
            configure?.Invoke(options);
        }, _stores.Count == 0 ? null : Store.Clock);
        _stores.Add(store);
        return store;
    }

    internal async Task<Spending> SpendingAsync(string? jti = null, string clientId = "client") =>
        new(jti is null ? null : AssertionOf(jti, clientId), await Store.PositionAsync());

    internal static SpentAssertion AssertionOf(string jti, string clientId = "client") => new(clientId, jti, Now, Now.AddMinutes(5));

    internal static Grant GrantOf(string id = "grant-1") => new()
    {
        GrantId = id, ClientId = "client", Subject = "alice", Scope = "read write", Resources = ["https://api.example.com", "https://two.example.com"],
        AuthenticatedAt = Now.AddMinutes(-3), CreatedAt = Now, ExpiresAt = Now.AddDays(30),
    };

    internal static AuthorizationCode CodeOf(string code = "code-1", string grantId = "grant-1") => new()
    {
        Hash = SecretHash.Of(code), GrantId = grantId, ClientId = "client", RedirectUri = "https://app.example.com/cb", IsRedirectUriStated = true, CodeChallenge = "challenge",
        DPoPJkt = Jkt("key"), Nonce = "n-1", ExpiresAt = Now.AddMinutes(1),
    };

    internal static RefreshToken TokenOf(string token = "refresh-1", string grantId = "grant-1") => new()
    {
        Hash = SecretHash.Of(token), GrantId = grantId, ClientId = "client", DPoPJkt = Jkt("key"), X5tS256 = new(SHA256.HashData("certificate"u8)), IssuedAt = Now, ExpiresAt = Now.AddDays(14),
    };

    internal static PushedRequest PushedOf(string reference = "request-1") => new()
    {
        Reference = SecretHash.Of(reference), ClientId = "client", Parameters = """{"scope":"read"}""", ExpiresAt = Now.AddSeconds(60),
    };

    internal static JwkThumbprint Jkt(string name) => new(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name)));

    internal static RegistryWrite WriteOf(string id, string? document = "{}", long replaces = 0, RegistryKind kind = RegistryKind.Client, byte[]? secret = null, params Revocation[] revocations) => new()
    {
        Kind = kind, Id = id, Document = document, Replaces = replaces, Action = "client.set", Secret = secret, Revocations = revocations,
    };

    /// <summary>A grant with a code that is redeemed for a refresh token.</summary>
    internal async Task RedeemedAsync(string grantId = "grant-1", string code = "code-1", string token = "refresh-1")
    {
        Spending spending = await SpendingAsync();
        (await Issuer.AddCodeAsync(CodeOf(code, grantId), GrantOf(grantId), null, spending, default)).ShouldBe(StoreAnswer.Done);
        (await Issuer.RedeemCodeAsync(SecretHash.Of(code), TokenOf(token, grantId), spending, default)).ShouldBe(StoreAnswer.Done);
    }
}
