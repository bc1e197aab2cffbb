using Holdfast.Testing;

namespace Holdfast.AspNetCore.Tests.Load;

public class WorkBacklogTests
{
    private const long Longest = 32;

    private readonly ManualTimeProvider _clock = new();
    private readonly WorkBacklog _backlog;
    private long _pending;
    private int _looks;

    public WorkBacklogTests() => _backlog = new WorkBacklog(Longest, _clock, () =>
    {
        _looks++;
        return _pending;
    });

    // Requests arrive every millisecond; what the last one is told.
    private bool After(int milliseconds, long pending)
    {
        _pending = pending;
        bool told = false;
        for (int i = 0; i < milliseconds; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            told = _backlog.IsStanding();
        }
        return told;
    }

    [Fact]
    public void Lets_a_burst_through()
    {
        After(100, Longest + 1).ShouldBeFalse();

        After(1, Longest).ShouldBeFalse();
    }

    [Fact]
    public void Sheds_what_arrives_once_the_backlog_is_no_burst() => After(101, Longest + 1).ShouldBeTrue();

    [Fact]
    public void A_backlog_of_just_the_limit_never_sheds() => After(5_000, Longest).ShouldBeFalse();

    [Fact]
    public void Takes_requests_again_the_moment_the_backlog_is_short()
    {
        After(200, 1_000).ShouldBeTrue();

        After(1, Longest).ShouldBeFalse();
    }

    [Fact]
    public void Sheds_at_once_where_the_backlog_comes_back_within_a_second()
    {
        After(200, 1_000).ShouldBeTrue();
        After(998, 0).ShouldBeFalse();

        After(1, 1_000).ShouldBeTrue();
    }

    [Fact]
    public void After_a_second_of_calm_the_next_crowd_is_a_burst_again()
    {
        After(200, 1_000).ShouldBeTrue();
        After(1_000, 0).ShouldBeFalse();

        After(100, 1_000).ShouldBeFalse();
    }

    // The pool works in rounds: short for a moment is not the end of it.
    [Theory]
    [InlineData(49, true)]
    [InlineData(50, false)]
    public void A_backlog_is_one_as_long_as_its_gaps_are_short(int gap, bool sheds)
    {
        After(90, Longest + 1).ShouldBeFalse();
        After(gap, 0).ShouldBeFalse();

        After(11, Longest + 1).ShouldBe(sheds);
    }

    [Fact]
    public void Two_bursts_that_are_apart_are_no_standing_backlog()
    {
        After(90, 1_000).ShouldBeFalse();
        After(200, 0).ShouldBeFalse();

        After(90, 1_000).ShouldBeFalse();
    }

    [Fact]
    public void What_was_seen_before_a_pause_is_not_believed_after_it()
    {
        After(200, 1_000).ShouldBeTrue();

        _pending = 0;
        _clock.Advance(TimeSpan.FromHours(1));

        _backlog.IsStanding().ShouldBeFalse();
    }

    [Fact]
    public void Looks_at_the_pool_four_times_a_millisecond_at_most()
    {
        for (int i = 0; i < 1_000; i++)
        {
            _clock.Advance(TimeSpan.FromMicroseconds(10));
            _backlog.IsStanding();
        }

        _looks.ShouldBeInRange(39, 41);
    }
}
