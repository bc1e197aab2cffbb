using Holdfast.Internal;

namespace Holdfast.Core.Tests.Internal;

public sealed class BoundedCacheTests
{
    [Fact]
    public void Finds_what_was_set_last()
    {
        BoundedCache<string, int> cache = new(10);
        cache.TryGet("a", out _).ShouldBeFalse();

        cache.Set("a", 1);
        cache.Set("a", 2);

        cache.TryGet("a", out int value).ShouldBeTrue();
        value.ShouldBe(2);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(201)]
    public void Never_holds_more_than_its_capacity_and_keeps_the_newest_half(int capacity)
    {
        BoundedCache<int, int> cache = new(capacity);
        for (int i = 0; i < 5 * capacity; i++)
        {
            cache.Set(i, i);
            cache.Set(i, i);
            for (int newest = Math.Max(0, i - (capacity / 2) + 1); newest <= i; newest++)
                cache.TryGet(newest, out _).ShouldBeTrue();
        }

        Enumerable.Range(0, 5 * capacity).Count(i => cache.TryGet(i, out int _)).ShouldBeLessThanOrEqualTo(capacity);
    }

    [Fact]
    public void Keeps_what_is_used_while_others_come_and_go()
    {
        BoundedCache<int, string> cache = new(100);
        cache.Set(-1, "used");
        for (int i = 0; i < 10_000; i++)
        {
            cache.Set(i, "once");
            cache.TryGet(-1, out string? value).ShouldBeTrue();
            value.ShouldBe("used");
        }
    }

    [Fact]
    public void Drops_what_is_not_used()
    {
        BoundedCache<int, string> cache = new(100);
        cache.Set(-1, "unused");
        for (int i = 0; i < 100; i++)
            cache.Set(i, "newer");

        cache.TryGet(-1, out _).ShouldBeFalse();
    }

    [Fact]
    public void A_value_replaced_in_its_old_age_does_not_come_back()
    {
        BoundedCache<int, string> cache = new(4);
        cache.Set(1, "before");
        cache.Set(2, "");
        cache.Set(3, "");
        cache.Set(1, "after");

        for (int i = 4; i < 7; i++)
        {
            cache.Set(i, "");
            if (cache.TryGet(1, out string? value))
                value.ShouldBe("after");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Removes_an_entry_of_any_age_wholly(int newer)
    {
        BoundedCache<int, string> cache = new(4);
        cache.Set(0, "value");
        for (int i = 1; i <= newer; i++)
            cache.Set(i, "newer");
        cache.TryGet(0, out _).ShouldBeTrue();

        cache.Remove(0).ShouldBeTrue();

        cache.TryGet(0, out _).ShouldBeFalse();
        cache.Remove(0).ShouldBeFalse();
    }

    [Fact]
    public void Removing_makes_room_again()
    {
        BoundedCache<int, int> cache = new(10);
        cache.Set(-1, 0);
        for (int i = 0; i < 100; i++)
        {
            cache.Set(i, i);
            cache.Remove(i);
        }

        cache.TryGet(-1, out _).ShouldBeTrue();
    }

    [Fact]
    public void Clearing_leaves_nothing()
    {
        BoundedCache<int, int> cache = new(10);
        for (int i = 0; i < 8; i++)
            cache.Set(i, i);

        cache.Clear();

        Enumerable.Range(0, 8).ShouldAllBe(i => !Has(cache, i));
        for (int i = 0; i < 5; i++)
            cache.Set(i, i);
        Enumerable.Range(0, 5).ShouldAllBe(i => Has(cache, i));
    }

    [Fact]
    public void Uses_the_comparer_it_is_given()
    {
        BoundedCache<string, int> cache = new(10, StringComparer.OrdinalIgnoreCase);
        cache.Set("a", 1);
        cache.TryGet("A", out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Refuses_a_capacity_below_two(int capacity) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new BoundedCache<int, int>(capacity));

    // A revoked token must not be brought back by a hit that moves it to the young generation at the same moment.
    [Fact]
    public void What_was_removed_stays_removed_however_many_read_it_meanwhile()
    {
        BoundedCache<int, int> cache = new(8);
        using CancellationTokenSource done = new();
        Thread[] readers = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            while (!done.IsCancellationRequested)
                cache.TryGet(0, out int _);
        }))];
        foreach (Thread reader in readers)
            reader.Start();

        int cameBack = 0;
        for (int round = 0; round < 20_000; round++)
        {
            cache.Set(0, round);
            for (int i = 1; i <= 4; i++)
                cache.Set(i, round);
            cache.Remove(0);
            for (int i = 0; i < 5; i++)
                cameBack += cache.TryGet(0, out _) ? 1 : 0;
        }
        done.Cancel();
        foreach (Thread reader in readers)
            reader.Join();

        cameBack.ShouldBe(0);
    }

    // An entry that is used all the time is there all the time, also while it moves between generations.
    [Fact]
    public void A_reader_never_misses_an_entry_that_moves()
    {
        BoundedCache<int, int> cache = new(64);
        cache.Set(-1, 42);
        int missed = 0;
        Parallel.For(0, 4, worker =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (worker == 0 && i % 4 == 0)
                    cache.Set(i, i);
                if (!cache.TryGet(-1, out int value) || value != 42)
                    Interlocked.Increment(ref missed);
            }
        });
        missed.ShouldBe(0);
    }

    private static bool Has(BoundedCache<int, int> cache, int key) => cache.TryGet(key, out _);
}
