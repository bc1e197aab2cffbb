using System.Text;
using Holdfast.Issuer;
using Holdfast.Registry;

namespace Holdfast.Storage.Tests;

/// <summary>The registry, the record of its changes and the log of revocations.</summary>
public abstract class RegistryContract : StoreContract
{
    private static readonly RegistryActor Admin = new("admin", "thumbprint", "192.0.2.1");

    [Fact]
    public async Task Begins_with_a_line_of_history_and_nothing_in_it()
    {
        RegistryChanges changes = await Registry.ReadSinceAsync(RegistryPosition.Start, default);
        changes.Position.LogId.ShouldNotBeEmpty();
        (changes.Position.Revision, changes.IsWhole, changes.Entries.Count, changes.RestoredAt).ShouldBe((0, true, 0, null));
    }

    [Fact]
    public async Task Gives_back_what_was_written_since_a_position()
    {
        RegistryPosition start = await Store.PositionAsync();
        await WriteAsync(WriteOf("one", """{"a":1}""", secret: [1, 2]), WriteOf("two"));
        RegistryChanges first = await Registry.ReadSinceAsync(start, default);
        (first.IsWhole, first.Position).ShouldBe((false, start with { Revision = 1 }));
        first.Entries.Select(entry => (entry.Id, entry.Document, entry.Revision, entry.CreatedAt, entry.UpdatedAt)).ShouldBe([("one", """{"a":1}""", 1, Now, Now), ("two", "{}", 1, Now, Now)]);
        first.Entries[0].Secret.ShouldBe([1, 2]);
        Store.Clock.Advance(TimeSpan.FromSeconds(1));
        await WriteAsync(WriteOf("one", """{"a":2}""", replaces: 1));
        RegistryEntry changed = (await Registry.ReadSinceAsync(first.Position, default)).Entries.ShouldHaveSingleItem();
        (changed.Id, changed.Document, changed.Revision, changed.CreatedAt, changed.UpdatedAt).ShouldBe(("one", """{"a":2}""", 2, Now, Now.AddSeconds(1)));
        changed.Secret.ShouldBe([1, 2]);
        (await Registry.ReadSinceAsync(new(start.LogId, 2), default)).Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Gives_everything_to_whoever_was_on_another_line_or_ahead()
    {
        await WriteAsync(WriteOf("one"), WriteOf("two"));
        await WriteAsync(WriteOf("two", null, replaces: 1));
        foreach (RegistryPosition position in (RegistryPosition[])[RegistryPosition.Start, new("other", 2), new((await Store.PositionAsync()).LogId, 3)])
        {
            RegistryChanges changes = await Registry.ReadSinceAsync(position, default);
            changes.IsWhole.ShouldBeTrue();
            changes.Entries.Select(entry => entry.Id).ShouldBe(["one"]);
        }
    }

    [Fact]
    public async Task Says_what_was_removed_and_forgets_its_secret()
    {
        await WriteAsync(WriteOf("one", secret: [1]));
        RegistryPosition before = await Store.PositionAsync();
        await WriteAsync(WriteOf("one", null, replaces: 1));
        RegistryEntry removed = (await Registry.ReadSinceAsync(before, default)).Entries.ShouldHaveSingleItem();
        (removed.Document, removed.Secret, removed.Revision).ShouldBe((null, null, 2));
    }

    [Fact]
    public async Task Leaves_sets_and_deletes_a_secret()
    {
        await WriteAsync(WriteOf("one", secret: [1]));
        await WriteAsync(WriteOf("one", replaces: 1));
        (await SecretAsync()).ShouldBe([1]);
        await WriteAsync(WriteOf("one", replaces: 2, secret: [2]));
        (await SecretAsync()).ShouldBe([2]);
        await WriteAsync(WriteOf("one", replaces: 3, secret: []));
        (await SecretAsync()).ShouldBeNull();
    }

    // All or nothing, with what ends by it.
    [Fact]
    public async Task Writes_nothing_where_one_entry_has_changed()
    {
        await WriteAsync(WriteOf("one"));
        await WriteAsync(WriteOf("one", replaces: 1));
        (await Registry.WriteAsync([WriteOf("two"), WriteOf("one", replaces: 1, revocations: new Revocation(RevocationKind.Client, "one", null, "offboarded"))], Admin, default)).ShouldBe(RegistryAnswer.Conflict);
        RegistryChanges changes = await Registry.ReadSinceAsync(RegistryPosition.Start, default);
        (changes.Position.Revision, changes.Entries.Count).ShouldBe((2, 1));
        (await Registry.ReadRevocationsAsync(0, 10, default)).ShouldBeEmpty();
        (await Registry.ReadAuditAsync(new(), default)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Gives_an_identifier_once()
    {
        await WriteAsync(WriteOf("one"));
        (await Registry.WriteAsync([WriteOf("one")], Admin, default)).ShouldBe(RegistryAnswer.Conflict);
        (await Registry.WriteAsync([WriteOf("two", replaces: 1)], Admin, default)).ShouldBe(RegistryAnswer.Conflict);
        (await Registry.WriteAsync([WriteOf("three"), WriteOf("three")], Admin, default)).ShouldBe(RegistryAnswer.Conflict);
        await WriteAsync(WriteOf("one", kind: RegistryKind.Resource));
        await WriteAsync(WriteOf("one", null, replaces: 1));
        (await Registry.WriteAsync([WriteOf("one")], Admin, default)).ShouldBe(RegistryAnswer.Conflict);
        // What a client was called no other is, not even of somebody who knows what he replaces.
        (await Registry.WriteAsync([WriteOf("one", replaces: 3)], Admin, default)).ShouldBe(RegistryAnswer.Conflict);
    }

    [Fact]
    public async Task Has_one_winner_of_64_writes_to_an_entry()
    {
        await WriteAsync(WriteOf("one"));
        IReadOnlyList<RegistryAnswer> answers = await Race.RunAsync([Store, await StartAsync()], (store, i) => store.Registry.WriteAsync([WriteOf("one", $"{{\"i\":{i}}}", replaces: 1)], Admin, default));
        answers.Count(answer => answer == RegistryAnswer.Written).ShouldBe(1);
        answers.Count(answer => answer == RegistryAnswer.Conflict).ShouldBe(Race.Runners - 1);
    }

    // Whoever reads what came after the last revision he saw misses none.
    [Fact]
    public async Task Shows_revisions_and_revocations_in_their_order_while_many_write()
    {
        TestStore second = await StartAsync();
        Spending none = await SpendingAsync();
        Task writing = Race.RunAsync([Store, second], async (store, i) =>
        {
            await store.Registry.WriteAsync([WriteOf($"client-{i}", revocations: new Revocation(RevocationKind.Client, $"client-{i}", null, "offboarded"))], Admin, default);
            await store.Registry.RevokeAsync([new(RevocationKind.Token, $"jti-{i}", Now.AddMinutes(5), "revoked")], Admin, default);
            return true;
        });
        RegistryPosition position = none.Decided;
        long sequence = 0;
        HashSet<string> seen = [];
        List<long> sequences = [];
        bool isLast;
        do
        {
            isLast = writing.IsCompleted;
            RegistryChanges changes = await second.Registry.ReadSinceAsync(position, default);
            position = changes.Position;
            seen.UnionWith(changes.Entries.Select(entry => entry.Id));
            IReadOnlyList<RecordedRevocation> revocations = await second.Registry.ReadRevocationsAsync(sequence, 10, default);
            sequences.AddRange(revocations.Select(recorded => recorded.Sequence));
            sequence = revocations.Count > 0 ? revocations[^1].Sequence : sequence;
            isLast &= revocations.Count == 0;
        }
        while (!isLast);
        await writing;
        seen.Count.ShouldBe(Race.Runners);
        position.Revision.ShouldBe(Race.Runners);
        sequences.ShouldBe(Enumerable.Range(1, 2 * Race.Runners).Select(i => (long)i));
    }

    // A client that was disabled at one process gets nothing at another.
    [Fact]
    public async Task Makes_everybody_stale_who_decided_before_a_write()
    {
        TestStore second = await StartAsync();
        Spending before = await SpendingAsync();
        await RedeemedAsync();
        (await second.Registry.WriteAsync([WriteOf("client")], Admin, default)).ShouldBe(RegistryAnswer.Written);
        (await Issuer.SpendAsync(before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.AddPushedRequestAsync(PushedOf(), before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.AddCodeAsync(CodeOf("code-2", "grant-2"), GrantOf("grant-2"), null, before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.RedeemCodeAsync(SecretHash.Of("code-1"), null, before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.UseRefreshTokenAsync(SecretHash.Of("refresh-1"), Now, before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.ReplaceRefreshTokenAsync(SecretHash.Of("refresh-1"), TokenOf("refresh-2"), [], Now, before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.EndGrantAsync("grant-1", "revoked", Now, before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.RevokeTokenAsync("jti", Now, before, default)).ShouldBe(StoreAnswer.Stale);
        (await Issuer.SpendAsync(await SpendingAsync(), default)).ShouldBe(StoreAnswer.Done);
    }

    [Fact]
    public async Task Records_who_changed_what_from_what_to_what()
    {
        await WriteAsync(WriteOf("one", """{"a":1}""", secret: "very secret"u8.ToArray()));
        Store.Clock.Advance(TimeSpan.FromSeconds(1));
        await WriteAsync(WriteOf("one", """{"a":2}""", replaces: 1) with { Action = "client.disable" });
        await WriteAsync(WriteOf("one", null, replaces: 2) with { Action = "client.remove" });
        await WriteAsync(WriteOf("two", kind: RegistryKind.Resource));
        IReadOnlyList<AuditRecord> records = await Registry.ReadAuditAsync(new() { Kind = RegistryKind.Client, Id = "one" }, default);
        records.ShouldBe(
        [
            new(3, Now.AddSeconds(1), Admin, "client.remove", RegistryKind.Client, "one", """{"a":2}""", null),
            new(2, Now.AddSeconds(1), Admin, "client.disable", RegistryKind.Client, "one", """{"a":1}""", """{"a":2}"""),
            new(1, Now, Admin, "client.set", RegistryKind.Client, "one", null, """{"a":1,"secret_set":true}"""),
        ]);
        (await Registry.ReadAuditAsync(new() { Limit = 1 }, default)).ShouldHaveSingleItem().Sequence.ShouldBe(4);
        (await Registry.ReadAuditAsync(new() { Before = 3 }, default)).Select(record => record.Sequence).ShouldBe([2, 1]);
        (await Registry.ReadAuditAsync(new() { Kind = RegistryKind.Resource }, default)).ShouldHaveSingleItem().Id.ShouldBe("two");
    }

    [Fact]
    public async Task Records_a_revocation_once_with_its_author()
    {
        var revocation = new Revocation(RevocationKind.Client, "one", Now.AddMinutes(5), "offboarded");
        await Registry.RevokeAsync([revocation, revocation], Admin, default);
        await Registry.RevokeAsync([revocation with { Until = Now.AddMinutes(4) }], Admin, default);
        (await Registry.ReadRevocationsAsync(0, 10, default)).ShouldBe([new(1, Now, revocation)]);
        (await Registry.ReadAuditAsync(new() { Id = "one" }, default)).Select(record => (record.Actor, record.Action)).Distinct().ShouldBe([(Admin, "client.revoke")]);
        // What is to last longer is told again to whoever follows the log.
        await Registry.RevokeAsync([revocation with { Until = null }], Admin, default);
        (await Registry.ReadRevocationsAsync(1, 10, default)).ShouldBe([new(2, Now, revocation with { Until = null })]);
        await Registry.RevokeAsync([revocation], Admin, default);
        (await Registry.ReadRevocationsAsync(0, 10, default)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Reads_revocations_in_pieces()
    {
        await Registry.RevokeAsync([.. Enumerable.Range(1, 5).Select(i => new Revocation(RevocationKind.Token, $"jti-{i}", null, "revoked"))], Admin, default);
        (await Registry.ReadRevocationsAsync(1, 2, default)).Select(recorded => recorded.Sequence).ShouldBe([2, 3]);
        (await Registry.ReadRevocationsAsync(5, 2, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Keeps_the_latest_use_of_each_client()
    {
        ClientUse first = new("one", Now, "client_credentials", "https://api.example.com", "dpop", "192.0.2.1");
        await Registry.WriteUsesAsync([first, new("two", Now, "refresh_token", null, "none", null)], default);
        await Registry.WriteUsesAsync([first with { At = Now.AddSeconds(-1), Binding = "none" }], default);
        await Registry.WriteUsesAsync([], default);
        (await Registry.ReadUsesAsync(default)).ShouldBe([first, new("two", Now, "refresh_token", null, "none", null)]);
        await Registry.WriteUsesAsync([first with { At = Now.AddSeconds(1), GrantType = "refresh_token" }], default);
        (await Registry.ReadUsesAsync(default))[0].GrantType.ShouldBe("refresh_token");
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    public async Task Refuses_an_identifier_that_no_index_holds(string id) =>
        await Should.ThrowAsync<ArgumentException>(async () => await Registry.WriteAsync([WriteOf(id == "x" ? new string('x', 513) : id)], Admin, default));

    [Theory]
    [InlineData("nul\0nul")]
    [InlineData("' OR 1=1 --")]
    [InlineData("half \udc00 pair")]
    public async Task Keeps_hostile_identifiers_and_documents_as_they_are(string text)
    {
        await WriteAsync(WriteOf(text, text, secret: Encoding.UTF8.GetBytes(text)));
        RegistryEntry entry = (await Registry.ReadSinceAsync(RegistryPosition.Start, default)).Entries.ShouldHaveSingleItem();
        (entry.Id, entry.Document).ShouldBe((text, text));
        (await Registry.ReadAuditAsync(new() { Id = text }, default)).ShouldHaveSingleItem().After.ShouldBe(text);
        await Registry.RevokeAsync([new(RevocationKind.Token, text, null, text)], new(text, text, text), default);
        (await Registry.ReadRevocationsAsync(0, 10, default)).ShouldHaveSingleItem().Revocation.Value.ShouldBe(text);
    }

    [Fact]
    public async Task Takes_the_longest_identifier_of_the_widest_characters()
    {
        string id = string.Concat(Enumerable.Range(0, 256).Select(i => char.ConvertFromUtf32(0x1F300 + i)));
        await WriteAsync(WriteOf(id));
        (await Registry.ReadAuditAsync(new() { Id = id }, default)).Count.ShouldBe(1);
    }

    private async Task WriteAsync(params RegistryWrite[] writes) => (await Registry.WriteAsync(writes, Admin, default)).ShouldBe(RegistryAnswer.Written);

    private async Task<byte[]?> SecretAsync() => (await Registry.ReadSinceAsync(RegistryPosition.Start, default)).Entries[0].Secret;
}
