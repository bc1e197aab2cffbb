using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.AspNetCore.Tests.Load;

/// <summary>DPOP-RS-30: each refusal is logged, as far as a flood of them allows.</summary>
public class RefusalLogTests
{
    private const VerificationFailure Replay = VerificationFailure.ProofReplayed;

    private readonly TimerClock _clock = new();
    private readonly Recorder _log = new();
    private readonly Recorder _observer = new();
    private readonly VerificationReporter _reporter;

    public RefusalLogTests() => _reporter = new(new Logger(_log), [_observer], _clock);

    private string[] Lines => [.. _log.Lines.Select(line => line.Text)];

    private void Report(int times, VerificationFailure failure = Replay, VerifierRole role = VerifierRole.ResourceServer, bool passed = false)
    {
        for (int i = 0; i < times; i++)
            _reporter.Report(new DefaultHttpContext(), role, "orders", new Refusal(failure), passed ? null : failure);
    }

    // DPOP-RS-30
    [Fact]
    public void Writes_a_burst_in_full_and_leaves_out_what_is_more()
    {
        Report(100);
        Lines.Length.ShouldBe(100);

        Report(5_000);

        Lines.Length.ShouldBe(100);
        Lines.ShouldAllBe(line => line.StartsWith("Refused: proof_replayed"));
    }

    // DPOP-RS-30
    [Fact]
    public void Observers_hear_of_every_one()
    {
        Report(5_000);

        _observer.Signals.Count.ShouldBe(5_000);
    }

    [Fact]
    public void After_the_burst_twenty_a_second_are_written()
    {
        Report(5_000);
        _log.Lines.Clear();

        for (int second = 0; second < 5; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            Report(1_000);
        }

        Lines.Length.ShouldBe(100);
    }

    [Fact]
    public void One_line_says_how_many_were_left_out_when_ten_seconds_have_passed()
    {
        Report(4_223);
        Report(130, VerificationFailure.MethodMismatch);
        Report(101, role: VerifierRole.AuthorizationServer);
        _log.Lines.Clear();

        _clock.Advance(TimeSpan.FromSeconds(9.999));
        Lines.ShouldBeEmpty();
        _clock.Advance(TimeSpan.FromSeconds(0.001));

        Lines.ShouldBe(
        [
            "... and 30 more of method_mismatch (Misconfiguration) at role ResourceServer in the last 10 s",
            "... and 4123 more of proof_replayed (Suspicious) at role ResourceServer in the last 10 s",
            "... and 1 more of proof_replayed (Suspicious) at role AuthorizationServer in the last 10 s",
        ], ignoreOrder: true);
        _log.Lines.ShouldAllBe(line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public void Each_window_is_summed_up_by_itself()
    {
        Report(5_000);
        _clock.Advance(TimeSpan.FromSeconds(10));
        _log.Lines.Clear();

        _clock.Advance(TimeSpan.FromSeconds(60));
        Lines.ShouldBeEmpty();
        Report(107);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Lines.Length.ShouldBe(101);
        Lines[^1].ShouldStartWith("... and 7 more");
    }

    [Fact]
    public void A_flood_of_one_failure_hides_no_other_one_and_no_other_role()
    {
        Report(5_000);
        _log.Lines.Clear();

        Report(1, VerificationFailure.KeyMismatch);
        Report(1, VerificationFailure.UnboundToken, passed: true);
        Report(1, role: VerifierRole.AuthorizationServer);

        Lines.Length.ShouldBe(3);
    }

    // A token in foreign hands is worth ten times the lines.
    [Fact]
    public void Theft_is_written_ten_times_as_often()
    {
        Report(1_500, VerificationFailure.KeyMismatch);
        Lines.Length.ShouldBe(1_000);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Report(1_500, VerificationFailure.KeyMismatch);
        Lines.Length.ShouldBe(1_200);
    }

    [Fact]
    public void What_was_left_out_is_said_when_the_process_stops()
    {
        Report(103);

        _reporter.Dispose();

        Lines[^1].ShouldStartWith("... and 3 more of proof_replayed");
        Lines.Length.ShouldBe(101);
    }

    [Fact]
    public void Nothing_is_built_where_nobody_is_told()
    {
        var lonely = new VerificationReporter(new Logger(_log), [], _clock);
        var context = new DefaultHttpContext();
        var refusal = new Refusal(Replay);
        void Flood(int times)
        {
            for (int i = 0; i < times; i++)
                lonely.Report(context, VerifierRole.ResourceServer, "orders", refusal, Replay);
        }
        Flood(1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Flood(1_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000);
    }

    [Fact]
    public void An_observer_that_fails_each_time_is_said_ten_times_and_then_once_a_second()
    {
        var broken = new VerificationReporter(new Logger(_log), [new Thrower()], _clock);
        void Flood()
        {
            for (int i = 0; i < 500; i++)
                broken.Report(new DefaultHttpContext(), VerifierRole.ResourceServer, "orders", new Refusal(Replay), Replay);
        }

        Flood();
        Lines.Count(line => line.Contains("Thrower")).ShouldBe(10);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Flood();

        Lines.Count(line => line.Contains("Thrower")).ShouldBe(11);
    }

    private sealed class Thrower : IVerificationObserver
    {
        public void Observed(VerificationSignal signal) => throw new InvalidOperationException("broken");
    }

    private sealed class Logger(Recorder recorder) : ILogger<VerificationReporter>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            recorder.Log(logLevel, eventId, state, exception, formatter);
    }

    // A clock whose one-shot timers fire when it is moved to them.
    private sealed class TimerClock : TimeProvider
    {
        private readonly List<Timer> _timers = [];
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(_now);

        public void Advance(TimeSpan by)
        {
            _now += by.Ticks;
            foreach (Timer timer in _timers.Where(timer => timer.Due <= _now).ToArray())
                timer.Fire();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, () => callback(state));
            timer.Change(dueTime, period);
            _timers.Add(timer);
            return timer;
        }

        private sealed class Timer(TimerClock clock, Action fire) : ITimer
        {
            public long Due { get; private set; }

            public void Fire()
            {
                Due = long.MaxValue;
                fire();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._now + dueTime.Ticks;
                return true;
            }

            public void Dispose() => Due = long.MaxValue;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return default;
            }
        }
    }
}
