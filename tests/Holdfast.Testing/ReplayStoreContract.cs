using System.Collections.Concurrent;

namespace Holdfast.Testing;

/// <summary>
/// What every replay store must do. A store's test class derives from this and creates the store. Boundaries are those of
/// <see cref="ReplayWindow"/>.
/// </summary>
public abstract class ReplayStoreContract
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The time that stores created here go by.</summary>
    protected ManualTimeProvider Time { get; } = new();

    /// <summary>
    /// An empty store by this time, whose restart fence is not in force. A capacity or quota below what the store can keep exactly is
    /// not asked for: at least 64 and 4.
    /// </summary>
    protected abstract IReplayStore Create(TimeProvider time, int capacity, int quotaPerKey);

    /// <summary>How many proofs the long race runs through; fewer for a store that needs a network for each.</summary>
    protected virtual int RaceLength => 50_000;

    /// <summary>At how many phases against a store's own periods a window is tried; fewer where making a store takes long.</summary>
    protected virtual int Phases => 120;

    // DPOP-V-27
    [Fact]
    public async Task Adds_a_proof_once_and_refuses_it_afterwards()
    {
        IReplayStore store = CreateRoomy();
        ReplayRecord record = Record(1);

        (await Add(store, record)).ShouldBe(ReplayResult.Added);
        (await Add(store, record)).ShouldBe(ReplayResult.Replayed);
        (await Add(store, record)).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-31
    [Fact]
    public async Task Keys_that_differ_in_one_bit_are_different_proofs()
    {
        IReplayStore store = CreateRoomy();

        for (int bit = 0; bit < 128; bit++)
            (await Add(store, Record(UInt128.One << bit))).ShouldBe(ReplayResult.Added, $"bit {bit}");
        (await Add(store, Record(0))).ShouldBe(ReplayResult.Added);
        for (int bit = 0; bit < 128; bit++)
            (await Add(store, Record(UInt128.One << bit))).ShouldBe(ReplayResult.Replayed, $"bit {bit}");
        (await Add(store, Record(0))).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-31
    [Fact]
    public async Task The_key_alone_makes_a_proof_the_same_whoever_owns_it()
    {
        IReplayStore store = CreateRoomy();
        await Add(store, Record(1, owner: 1));

        (await Add(store, Record(1, owner: 2))).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-27
    [Fact]
    public async Task Refuses_the_same_proof_under_another_anchor()
    {
        IReplayStore store = CreateRoomy();
        await Add(store, Record(1));

        foreach (int seconds in (int[])[-119, -90, -60, -30, -1, 1, 10])
        {
            FreshnessAnchor other = new(Time.UtcNow + TimeSpan.FromSeconds(seconds), FromNonce: false);
            (await Add(store, Record(1) with { Anchor = other })).ShouldBe(ReplayResult.Replayed, $"{seconds} s");
        }
    }

    // DPOP-V-29
    [Fact]
    public void Of_identical_proofs_that_race_exactly_one_is_added()
    {
        const int racers = 64;
        const int rounds = 200;
        IReplayStore store = CreateRoomy();
        var results = new ReplayResult[rounds, racers];

        using Barrier barrier = new(racers);
        Thread[] threads = [.. Enumerable.Range(0, racers).Select(racer => new Thread(() =>
        {
            for (int round = 0; round < rounds; round++)
            {
                barrier.SignalAndWait();
                results[round, racer] = store.TryAddAsync(Record((UInt128)(round + 1)), CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        for (int round = 0; round < rounds; round++)
        {
            ReplayResult[] answers = [.. Enumerable.Range(0, racers).Select(racer => results[round, racer])];
            answers.Count(answer => answer == ReplayResult.Added).ShouldBe(1, $"round {round}");
            answers.Count(answer => answer == ReplayResult.Replayed).ShouldBe(racers - 1, $"round {round}");
        }
    }

    // DPOP-V-29: whoever is ahead has more to do for each proof, so the others keep catching up with it.
    [Fact]
    public void Threads_that_race_through_the_same_proofs_add_each_of_them_once()
    {
        const int racers = 4;
        IReplayStore store = Create(Time, RaceLength, RaceLength);
        int added = 0;
        int replayed = 0;

        using Barrier barrier = new(racers);
        Thread[] threads = [.. Enumerable.Range(0, racers).Select(_ => new Thread(() =>
        {
            barrier.SignalAndWait();
            for (int i = 0; i < RaceLength; i++)
            {
                ReplayResult result = store.TryAddAsync(Record((UInt128)i), CancellationToken.None).AsTask().GetAwaiter().GetResult();
                if (result == ReplayResult.Added)
                    Interlocked.Increment(ref added);
                else if (result == ReplayResult.Replayed)
                    Interlocked.Increment(ref replayed);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        added.ShouldBe(RaceLength);
        replayed.ShouldBe((racers - 1) * RaceLength);
    }

    // DPOP-V-29
    [Fact]
    public async Task Different_proofs_that_race_are_all_added_and_all_remembered()
    {
        const int workers = 8;
        const int each = 500;
        IReplayStore store = CreateRoomy();
        ConcurrentBag<ReplayResult> first = [];

        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            for (int i = 1; i <= each; i++)
                first.Add(await Add(store, Record((UInt128)((worker * each) + i))));
        })));

        first.Count(answer => answer == ReplayResult.Added).ShouldBe(workers * each);
        for (int i = 1; i <= workers * each; i++)
            (await Add(store, Record((UInt128)i))).ShouldBe(ReplayResult.Replayed, $"proof {i}");
    }

    // DPOP-V-28: anchored by iat, a proof is acceptable until 60 s after it; by a nonce, for less than 120 s.
    [Theory]
    [InlineData(false, -60, 0)]
    [InlineData(false, 0, 60)]
    [InlineData(false, 10, 70)]
    [InlineData(true, 0, 120)]
    [InlineData(true, -59, 61)]
    [InlineData(true, -119, 1)]
    public async Task Still_refuses_a_proof_in_the_last_tick_in_which_it_is_acceptable(bool fromNonce, int anchorSeconds, int endSeconds)
    {
        // At every phase against whatever periods the store cleans up by.
        for (int phase = 0; phase < Phases; phase++)
        {
            IReplayStore store = CreateRoomy();
            FreshnessAnchor anchor = new(Time.UtcNow + TimeSpan.FromSeconds(anchorSeconds), fromNonce);
            ReplayRecord record = Record(1) with { Anchor = anchor };
            (await Add(store, record)).ShouldBe(ReplayResult.Added, $"phase {phase}");

            Time.Advance(TimeSpan.FromSeconds(endSeconds) - (fromNonce ? Tick : TimeSpan.Zero));
            await Add(store, Record(2));
            (await Add(store, record)).ShouldBe(ReplayResult.Replayed, $"phase {phase}");

            Time.Advance(TimeSpan.FromSeconds(120) / Phases);
        }
    }

    // DPOP-V-28: its record may be gone, so it is never added again, however late a slow check comes.
    [Fact]
    public async Task Never_adds_a_proof_whose_record_would_have_expired()
    {
        IReplayStore store = CreateRoomy();
        ReplayRecord record = Record(1);
        await Add(store, record);

        for (int seconds = 0; seconds < 600; seconds++)
        {
            ReplayResult result = await Add(store, record);
            if (seconds < ReplayWindow.Life.TotalSeconds)
                result.ShouldBe(ReplayResult.Replayed, $"{seconds} s");
            else
                result.ShouldBeOneOf(ReplayResult.Replayed, ReplayResult.Fenced);
            Time.Advance(TimeSpan.FromSeconds(1));
        }
        (await Add(store, record)).ShouldBe(ReplayResult.Fenced);
    }

    // DPOP-V-28
    [Theory]
    [InlineData(-1, ReplayResult.Fenced)]
    [InlineData(0, ReplayResult.Fenced)]
    [InlineData(1, ReplayResult.Added)]
    public async Task Fences_a_first_proof_whose_record_would_already_be_expired(int ticks, ReplayResult expected)
    {
        IReplayStore store = CreateRoomy();
        foreach (bool fromNonce in (bool[])[true, false])
        {
            FreshnessAnchor anchor = new(Time.UtcNow - ReplayWindow.Life + (ticks * Tick), fromNonce);
            (await Add(store, Record(fromNonce ? 1u : 2u) with { Anchor = anchor })).ShouldBe(expected);
        }
    }

    // DPOP-V-28
    [Theory]
    [InlineData(-1, ReplayResult.Added)]
    [InlineData(0, ReplayResult.Added)]
    [InlineData(1, ReplayResult.Fenced)]
    public async Task Fences_an_anchor_further_ahead_than_any_acceptable_proof(int ticks, ReplayResult expected)
    {
        IReplayStore store = CreateRoomy();
        FreshnessAnchor anchor = new(Time.UtcNow + ReplayWindow.SkewAhead + (ticks * Tick), FromNonce: false);

        (await Add(store, Record(1) with { Anchor = anchor })).ShouldBe(expected);
    }

    // DPOP-V-28
    [Fact]
    public async Task Answers_anchors_at_both_ends_of_time_without_failing()
    {
        IReplayStore store = CreateRoomy();
        foreach (bool fromNonce in (bool[])[true, false])
        {
            (await Add(store, Record(1) with { Anchor = new(DateTimeOffset.MinValue, fromNonce) })).ShouldBe(ReplayResult.Fenced);
            (await Add(store, Record(1) with { Anchor = new(DateTimeOffset.MaxValue, fromNonce) })).ShouldBe(ReplayResult.Fenced);
        }
        (await Add(store, Record(1))).ShouldBe(ReplayResult.Added);
    }

    // DPOP-V-27: bounded, and nothing alive is given up for something new.
    [Fact]
    public async Task A_full_store_adds_nothing_and_forgets_nothing()
    {
        const int capacity = 64;
        IReplayStore store = Create(Time, capacity, capacity);
        for (int i = 1; i <= capacity; i++)
            (await Add(store, Record((UInt128)i, owner: (ulong)i))).ShouldBe(ReplayResult.Added, $"proof {i}");

        for (int i = capacity + 1; i <= 3 * capacity; i++)
            (await Add(store, Record((UInt128)i, owner: (ulong)i))).ShouldBe(ReplayResult.Full, $"proof {i}");

        for (int i = 1; i <= capacity; i++)
            (await Add(store, Record((UInt128)i, owner: (ulong)i))).ShouldBe(ReplayResult.Replayed, $"proof {i}");
    }

    [Fact]
    public async Task Stays_within_its_capacity_when_filled_by_many_at_once()
    {
        const int capacity = 200;
        IReplayStore store = Create(Time, capacity, capacity);
        ConcurrentBag<ReplayResult> answers = [];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (int i = 1; i <= capacity; i++)
                answers.Add(await Add(store, Record((UInt128)((worker * capacity) + i), owner: (ulong)i)));
        })));

        answers.Count(answer => answer == ReplayResult.Added).ShouldBe(capacity);
        answers.Count(answer => answer == ReplayResult.Full).ShouldBe(7 * capacity);
    }

    [Fact]
    public async Task An_owner_that_has_used_up_its_quota_is_refused_and_others_are_not()
    {
        const int quota = 4;
        IReplayStore store = Create(Time, 1000, quota);
        for (int i = 1; i <= quota; i++)
            (await Add(store, Record((UInt128)i, owner: 1))).ShouldBe(ReplayResult.Added, $"proof {i}");

        (await Add(store, Record(100, owner: 1))).ShouldBe(ReplayResult.Full);
        (await Add(store, Record(1, owner: 1))).ShouldBe(ReplayResult.Replayed);
        (await Add(store, Record(101, owner: 2))).ShouldBe(ReplayResult.Added);
        // What was refused has not been remembered: it is still new under an owner with room.
        (await Add(store, Record(100, owner: 2))).ShouldBe(ReplayResult.Added);
    }

    [Fact]
    public async Task Replays_and_refusals_do_not_count_against_the_quota()
    {
        const int quota = 4;
        IReplayStore store = Create(Time, 1000, quota);
        for (int i = 0; i < 50; i++)
        {
            await Add(store, Record(1, owner: 1));
            await Add(store, Record(99, owner: 1) with { Anchor = new(Time.UtcNow - TimeSpan.FromHours(1), FromNonce: false) });
        }

        for (int i = 2; i <= quota; i++)
            (await Add(store, Record((UInt128)i, owner: 1))).ShouldBe(ReplayResult.Added, $"proof {i}");
        (await Add(store, Record(50, owner: 1))).ShouldBe(ReplayResult.Full);
    }

    [Fact]
    public async Task The_quota_holds_over_records_of_different_ages()
    {
        const int quota = 6;
        IReplayStore store = Create(Time, 1000, quota);
        for (int i = 1; i <= quota; i++)
        {
            (await Add(store, Record((UInt128)i, owner: 1))).ShouldBe(ReplayResult.Added, $"proof {i}");
            Time.Advance(TimeSpan.FromSeconds(19));
        }

        (await Add(store, Record(100, owner: 1))).ShouldBe(ReplayResult.Full);
    }

    [Fact]
    public async Task Expiry_makes_room_again()
    {
        const int capacity = 64;
        IReplayStore store = Create(Time, capacity, quotaPerKey: 32);
        for (UInt128 round = 0; round < 5; round++)
        {
            for (UInt128 i = 1; i <= capacity; i++)
                (await Add(store, Record((round * 1000) + i, owner: (ulong)(i % 2)))).ShouldBe(ReplayResult.Added, $"round {round}, proof {i}");
            (await Add(store, Record((round * 1000) + 999, owner: 0))).ShouldBe(ReplayResult.Full);

            // However coarsely a store cleans up, twice the life of a record is enough.
            Time.Advance(2 * ReplayWindow.Life);
        }
    }

    // DPOP-V-28
    [Fact]
    public async Task A_wall_clock_set_back_reopens_nothing()
    {
        IReplayStore store = CreateRoomy();
        ReplayRecord record = Record(1);
        await Add(store, record);
        Time.Advance(2 * ReplayWindow.Life);
        await Add(store, Record(2));

        Time.StepWall(-2 * ReplayWindow.Life);

        (await Add(store, record)).ShouldBeOneOf(ReplayResult.Replayed, ReplayResult.Fenced);
        (await Add(store, Record(2))).ShouldBeOneOf(ReplayResult.Replayed, ReplayResult.Fenced);
    }

    [Fact]
    public async Task Throws_when_cancelled_and_files_nothing()
    {
        IReplayStore store = CreateRoomy();
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await store.TryAddAsync(Record(1), cancelled.Token));

        (await Add(store, Record(1))).ShouldBe(ReplayResult.Added);
    }

    /// <summary>A proof anchored now.</summary>
    protected ReplayRecord Record(UInt128 key, ulong owner = 7) => new(new(key), owner, new(Time.UtcNow, FromNonce: false));

    /// <summary>Files a proof.</summary>
    protected static async Task<ReplayResult> Add(IReplayStore store, ReplayRecord record) =>
        await store.TryAddAsync(record, CancellationToken.None);

    private IReplayStore CreateRoomy() => Create(Time, capacity: 10_000, quotaPerKey: 10_000);
}
