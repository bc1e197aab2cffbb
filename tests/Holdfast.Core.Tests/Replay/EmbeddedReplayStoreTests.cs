using Holdfast.Testing;

namespace Holdfast.Core.Tests.Replay;

public sealed class EmbeddedReplayStoreTests : ReplayStoreContract
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    // The drain of 60 s and the tolerated skew of 10 s.
    private static readonly TimeSpan Fence = 70 * Second;

    // DPOP-V-28
    [Fact]
    public void A_record_lives_as_long_as_any_proof_is_acceptable()
    {
        ReplayWindow.Life.ShouldBeGreaterThan(DPoPProofPolicy.PastWindow);
        ReplayWindow.Life.ShouldBeGreaterThanOrEqualTo(DPoPNonces.LongestLife);
        ReplayWindow.SkewAhead.ShouldBeGreaterThanOrEqualTo(DPoPProofPolicy.FutureWindow);
    }

    // DPOP-V-27: what was accepted before a restart cannot be accepted after it.
    [Theory]
    [InlineData(false, 70, -1, ReplayResult.Fenced)]
    [InlineData(false, 70, 0, ReplayResult.Fenced)]
    [InlineData(false, 70, 1, ReplayResult.Added)]
    [InlineData(true, 10, -1, ReplayResult.Fenced)]
    [InlineData(true, 10, 0, ReplayResult.Fenced)]
    [InlineData(true, 10, 1, ReplayResult.Added)]
    public async Task Fences_an_iat_up_to_start_and_drain_and_skew(bool singleInstance, int seconds, int ticks, ReplayResult expected)
    {
        DateTimeOffset start = Time.UtcNow;
        EmbeddedReplayStore store = Store(new() { SingleInstance = singleInstance });
        Time.Advance(seconds * Second);

        FreshnessAnchor anchor = new(start + (seconds * Second) + (ticks * Tick), FromNonce: false);

        (await Add(store, Record(1) with { Anchor = anchor })).ShouldBe(expected);
    }

    [Fact]
    public async Task Still_fences_an_old_iat_after_the_fence_has_been_reached()
    {
        DateTimeOffset start = Time.UtcNow;
        EmbeddedReplayStore store = Store(new());
        Time.Advance(Fence + (50 * Second));

        (await Add(store, Record(1) with { Anchor = new(start + Fence, FromNonce: false) })).ShouldBe(ReplayResult.Fenced);
        (await Add(store, Record(1))).ShouldBe(ReplayResult.Added);
    }

    // DPOP-V-25: born after the start, whatever generation of 60 s its time is rounded down to.
    [Fact]
    public async Task A_nonce_of_this_process_passes_the_fence()
    {
        EmbeddedReplayStore store = Store(new());
        FreshnessAnchor anchor = new(Time.UtcNow - (59 * Second), FromNonce: true);

        (await Add(store, Record(1) with { Anchor = anchor })).ShouldBe(ReplayResult.Added);
        (await Add(store, Record(1) with { Anchor = anchor })).ShouldBe(ReplayResult.Replayed);
    }

    [Fact]
    public async Task What_is_known_is_a_replay_even_behind_the_fence()
    {
        EmbeddedReplayStore store = Store(new());
        await Add(store, Record(1) with { Anchor = new(Time.UtcNow, FromNonce: true) });

        (await Add(store, Record(1))).ShouldBe(ReplayResult.Replayed);
        (await Add(store, Record(2))).ShouldBe(ReplayResult.Fenced);
    }

    [Fact]
    public async Task What_is_fenced_is_not_remembered()
    {
        EmbeddedReplayStore store = Store(new());
        await Add(store, Record(1));

        store.Count.ShouldBe(0);
        (await Add(store, Record(1) with { Anchor = new(Time.UtcNow, FromNonce: true) })).ShouldBe(ReplayResult.Added);
    }

    [Fact]
    public async Task Without_a_predecessor_there_is_no_fence()
    {
        EmbeddedReplayStore store = Store(new() { NoPredecessor = true });

        store.FencedUntil.ShouldBeNull();
        (await Add(store, Record(1))).ShouldBe(ReplayResult.Added);
    }

    [Theory]
    [InlineData(false, 70)]
    [InlineData(true, 10)]
    public async Task Says_until_when_a_new_proof_is_fenced(bool singleInstance, int seconds)
    {
        EmbeddedReplayStore store = Store(new() { SingleInstance = singleInstance });
        DateTimeOffset until = Time.UtcNow + (seconds * Second);
        store.FencedUntil.ShouldBe(until);

        Time.Advance(seconds * Second);
        store.FencedUntil.ShouldBe(until);
        (await Add(store, Record(1))).ShouldBe(ReplayResult.Fenced);

        Time.Advance(Tick);
        store.FencedUntil.ShouldBeNull();
        (await Add(store, Record(1))).ShouldBe(ReplayResult.Added);
    }

    [Fact]
    public async Task A_wall_clock_set_back_does_not_restore_the_fence()
    {
        EmbeddedReplayStore store = Store(new());
        Time.Advance(Fence + Tick);
        _ = store.FencedUntil;
        Time.StepWall(-Fence);

        store.FencedUntil.ShouldBeNull();
        // Nor does it let an older proof through: this iat is not after the fence.
        (await Add(store, Record(1))).ShouldBe(ReplayResult.Fenced);
    }

    // DPOP-V-27: tables of all shards and slots grow several times.
    [Fact]
    public async Task Forgets_nothing_while_it_grows()
    {
        const int records = 100_000;
        EmbeddedReplayStore store = Store(new() { Capacity = records, QuotaPerKey = records, NoPredecessor = true });
        DateTimeOffset now = Time.UtcNow;
        ReplayRecord Numbered(int i) => Record((UInt128)i) with { Anchor = new(now - (i % 120 * Second), FromNonce: true) };

        for (int i = 0; i < records; i++)
            (await Add(store, Numbered(i))).ShouldBe(ReplayResult.Added);

        store.Count.ShouldBe(records);
        for (int i = 0; i < records; i++)
            (await Add(store, Numbered(i))).ShouldBe(ReplayResult.Replayed);
        (await Add(store, Record(records))).ShouldBe(ReplayResult.Full);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(20_000)]
    public async Task Holds_exactly_its_capacity(int capacity)
    {
        EmbeddedReplayStore store = Store(new() { Capacity = capacity, QuotaPerKey = capacity, NoPredecessor = true });
        for (int i = 1; i <= capacity; i++)
            (await Add(store, Record((UInt128)i))).ShouldBe(ReplayResult.Added);

        (await Add(store, Record((UInt128)capacity + 1))).ShouldBe(ReplayResult.Full);
        store.Count.ShouldBe(capacity);
    }

    [Fact]
    public async Task Gives_one_owner_an_eighth_of_the_capacity_by_default()
    {
        EmbeddedReplayStore store = Store(new() { Capacity = 800, NoPredecessor = true });
        for (int i = 1; i <= 100; i++)
            (await Add(store, Record((UInt128)i, owner: 1))).ShouldBe(ReplayResult.Added);

        (await Add(store, Record(101, owner: 1))).ShouldBe(ReplayResult.Full);
    }

    // The quota costs no memory for each key, so it is an estimate; it must not make one owner pay for the others.
    [Fact]
    public async Task A_store_filled_by_many_owners_refuses_none_of_them_before_its_quota()
    {
        const int owners = 1000;
        const int each = 20;
        EmbeddedReplayStore store = Store(new() { Capacity = owners * each, QuotaPerKey = 200, NoPredecessor = true });

        for (int i = 0; i < owners * each; i++)
            (await Add(store, Record((UInt128)i, owner: (ulong)(i % owners)))).ShouldBe(ReplayResult.Added);
    }

    [Fact]
    public async Task Counts_what_is_alive_and_drops_it_when_its_time_is_over()
    {
        EmbeddedReplayStore store = Store(new() { NoPredecessor = true });
        for (int i = 0; i < 10; i++)
        {
            await Add(store, Record((UInt128)i));
            await Add(store, Record((UInt128)i));
            Time.Advance(10 * Second);
        }
        store.Count.ShouldBe(10);

        // Nothing is dropped before the first has expired, and everything is gone half a minute after the last.
        Time.Advance(ReplayWindow.Life - (100 * Second) - Tick);
        store.Count.ShouldBe(10);
        Time.Advance(120 * Second + Tick);
        store.Count.ShouldBe(0);
    }

    // Time may jump over more slots than the store keeps, and back to back.
    [Theory]
    [InlineData(29)]
    [InlineData(31)]
    [InlineData(125)]
    [InlineData(241)]
    [InlineData(100_000)]
    public async Task Keeps_its_word_and_its_bounds_over_any_jump_of_time(int seconds)
    {
        EmbeddedReplayStore store = Store(new() { Capacity = 64, QuotaPerKey = 64, NoPredecessor = true });
        for (UInt128 round = 1; round <= 40; round++)
        {
            for (UInt128 i = 0; i < 10; i++)
                (await Add(store, Record((round * 100) + i))).ShouldBe(ReplayResult.Added);
            for (UInt128 i = 0; i < 10; i++)
                (await Add(store, Record((round * 100) + i))).ShouldBe(ReplayResult.Replayed);
            store.Count.ShouldBeLessThanOrEqualTo(60);
            Time.Advance(seconds * Second);
        }
        Time.Advance(200 * Second);
        store.Count.ShouldBe(0);
    }

    [Fact]
    public void Drops_and_adds_at_the_same_time_without_losing_count()
    {
        EmbeddedReplayStore store = Store(new() { Capacity = 1_000_000, QuotaPerKey = 1_000_000, NoPredecessor = true });
        int twice = 0;
        Parallel.For(0, 40_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            if (i % 16 == 0)
                Time.Advance(Second);
            ReplayRecord record = Record((UInt128)i);
            bool added = store.TryAddAsync(record, CancellationToken.None).Result == ReplayResult.Added;
            if (added && store.TryAddAsync(record, CancellationToken.None).Result == ReplayResult.Added)
                Interlocked.Increment(ref twice);
        });
        twice.ShouldBe(0);

        Time.Advance(2 * ReplayWindow.Life);
        store.Count.ShouldBe(0);
    }

    [Fact]
    public void Answers_at_once_without_allocating()
    {
        EmbeddedReplayStore store = Store(new() { NoPredecessor = true });
        ReplayRecord record = Record(1);
        store.TryAddAsync(record, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            _ = store.TryAddAsync(record, CancellationToken.None);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void Refuses_a_capacity_or_quota_below_one(int capacity, int quota) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Store(new() { Capacity = capacity, QuotaPerKey = quota }));

    protected override IReplayStore Create(TimeProvider time, int capacity, int quotaPerKey) => new EmbeddedReplayStore(
        new() { Capacity = capacity, QuotaPerKey = quotaPerKey, NoPredecessor = true }, new VerifierClock(time));

    private EmbeddedReplayStore Store(EmbeddedReplayStoreOptions options) => new(options, new VerifierClock(Time));
}
