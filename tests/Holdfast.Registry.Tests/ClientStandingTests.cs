namespace Holdfast.Registry.Tests;

// LIFE-MAP-01
public sealed class ClientStandingTests
{
    private static readonly DateTimeOffset Created = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Counts_from_the_last_use_and_where_there_is_none_from_the_registration()
    {
        var never = new ClientStanding(Registered(EditorGround.Client()), null);
        never.IsDormantSince(Created).ShouldBeFalse();
        never.IsDormantSince(Created.AddSeconds(1)).ShouldBeTrue();

        ClientStanding used = never with { LastUse = new("orders", Created.AddDays(10), "client_credentials", null, "dpop", null) };
        used.IsDormantSince(Created.AddDays(10)).ShouldBeFalse();
        used.IsDormantSince(Created.AddDays(10).AddSeconds(1)).ShouldBeTrue();
    }

    [Fact]
    public void What_is_offboarded_is_not_dormant_and_owes_nothing()
    {
        var ended = new ClientStanding(Registered(new Client { ClientId = "x", State = ClientState.Offboarded }), null);
        ended.IsDormantSince(DateTimeOffset.MaxValue).ShouldBeFalse();
        ended.Debt.ShouldBeEmpty();
    }

    [Fact]
    public void Tells_the_debt_of_a_client()
    {
        Debt(EditorGround.Client()).ShouldBeEmpty();
        Debt(EditorGround.Client() with { Owners = new() }).ShouldBe([ClientDebt.NoOwner]);
        Debt(EditorGround.Client() with { AuthenticationMethod = "client_secret_basic" }).ShouldBe([ClientDebt.SharedSecret]);
        Debt(EditorGround.Client() with { DPoPBoundAccessTokens = false }).ShouldBe([ClientDebt.UnboundTokens]);
        Debt(EditorGround.Client() with { DPoPBoundAccessTokens = false, TlsClientCertificateBoundAccessTokens = true }).ShouldBeEmpty();
        Debt(EditorGround.Client() with { DPoPBoundAccessTokens = false, AuthenticationMethod = "tls_client_auth" }).ShouldBeEmpty();
    }

    private static IReadOnlyList<ClientDebt> Debt(Client client) => new ClientStanding(Registered(client), null).Debt;

    private static RegisteredClient Registered(Client client) => new(client, new RegistryEntry
    {
        Kind = RegistryKind.Client, Id = client.ClientId, Document = RegistryJson.Write(client), Revision = 1, CreatedAt = Created, UpdatedAt = Created,
    });
}
