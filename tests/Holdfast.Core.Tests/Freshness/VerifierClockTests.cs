using Holdfast.Testing;

namespace Holdfast.Core.Tests.Freshness;

public sealed class VerifierClockTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly ManualTimeProvider _time = new();
    private readonly VerifierClock _clock;

    public VerifierClockTests() => _clock = new(_time);

    [Fact]
    public void Follows_the_wall_clock_in_utc()
    {
        _clock.Now.ShouldBe(_time.UtcNow);
        _time.Advance(Tick);
        _clock.Now.ShouldBe(_time.UtcNow);
        _clock.Now.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Does_not_go_back_with_the_wall_clock_and_keeps_moving()
    {
        DateTimeOffset before = _clock.Now;

        _time.StepWall(TimeSpan.FromHours(-1));
        _clock.Now.ShouldBe(before);
        _time.Advance(TimeSpan.FromSeconds(30));
        _clock.Now.ShouldBe(before + TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Follows_a_wall_clock_that_is_set_forward_and_stays_there_when_it_is_corrected()
    {
        DateTimeOffset before = _clock.Now;

        _time.StepWall(TimeSpan.FromHours(1));
        _clock.Now.ShouldBe(before + TimeSpan.FromHours(1));
        _time.StepWall(TimeSpan.FromHours(-1));
        _clock.Now.ShouldBe(before + TimeSpan.FromHours(1));
    }

    // A machine that was suspended: its wall clock went on, its monotonic clock did not.
    [Fact]
    public void Catches_up_after_the_monotonic_clock_stood_still()
    {
        DateTimeOffset before = _clock.Now;

        _time.StepWall(TimeSpan.FromMinutes(10));

        _clock.Now.ShouldBe(before + TimeSpan.FromMinutes(10));
    }

    [Fact]
    public void Small_steps_back_do_not_add_up_against_the_monotonic_clock()
    {
        DateTimeOffset before = _clock.Now;
        for (int i = 0; i < 1000; i++)
        {
            _time.StepWall(-Tick);
            _time.Advance(2 * Tick);
            _clock.Now.ShouldBe(before + ((i + 1) * 2 * Tick));
        }
    }

    [Fact]
    public void A_thread_stopped_between_the_two_readings_does_not_push_the_clock_ahead()
    {
        PausingTimeProvider time = new();
        VerifierClock clock = new(time);
        _ = clock.Now;

        time.PauseBetweenReadings = TimeSpan.FromHours(1);
        _ = clock.Now;
        time.PauseBetweenReadings = TimeSpan.Zero;

        clock.Now.ShouldBe(time.GetUtcNow());
    }

    [Fact]
    public void Never_goes_back_for_any_order_of_steps_and_pauses()
    {
        Random random = new(20260101);
        DateTimeOffset last = _clock.Now;
        for (int i = 0; i < 20_000; i++)
        {
            if (random.Next(3) == 0)
                _time.StepWall(TimeSpan.FromMilliseconds(random.Next(-5000, 5000)));
            else
                _time.Advance(TimeSpan.FromMilliseconds(random.Next(1000)));
            DateTimeOffset now = _clock.Now;
            now.ShouldBeGreaterThanOrEqualTo(last);
            now.ShouldBeGreaterThanOrEqualTo(_time.UtcNow);
            last = now;
        }
    }

    [Fact]
    public void Never_goes_back_between_threads_while_the_wall_clock_jumps()
    {
        using CancellationTokenSource done = new();
        Thread jumper = new(() =>
        {
            Random random = new(1);
            while (!done.IsCancellationRequested)
                _time.StepWall(TimeSpan.FromMilliseconds(random.Next(-2000, 2000)));
        });
        jumper.Start();

        long latest = 0;
        int wentBack = 0;
        Parallel.For(0, 100_000, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            long earlier = Volatile.Read(ref latest);
            long now = _clock.Now.UtcTicks;
            if (now < earlier)
                Interlocked.Increment(ref wentBack);
            if (now > earlier)
                Interlocked.CompareExchange(ref latest, now, earlier);
        });
        done.Cancel();
        jumper.Join();

        wentBack.ShouldBe(0);
    }

    private sealed class PausingTimeProvider : TimeProvider
    {
        private readonly ManualTimeProvider _inner = new();

        public TimeSpan PauseBetweenReadings { get; set; }

        public override long TimestampFrequency => _inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => ThenPause(_inner.GetUtcNow());

        public override long GetTimestamp() => ThenPause(_inner.GetTimestamp());

        // Whichever clock is read first, an hour passes before the other one is.
        private T ThenPause<T>(T reading)
        {
            _inner.Advance(PauseBetweenReadings);
            return reading;
        }
    }
}
