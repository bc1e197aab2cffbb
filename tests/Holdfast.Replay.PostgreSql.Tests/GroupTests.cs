using Holdfast.Replay.PostgreSql.Internal;
using Holdfast.Testing;

namespace Holdfast.Replay.PostgreSql.Tests;

/// <summary>Who of those that go together is answered what (DPOP-V-29).</summary>
public sealed class GroupTests
{
    private static readonly DateTimeOffset Now = new ManualTimeProvider().UtcNow;
    private readonly ReplayGroup _group = new(new SharedRoom(new() { Capacity = 2, QuotaPerKey = 2 }, new VerifierClock(new ManualTimeProvider())), TimeSpan.FromMinutes(1));

    // DPOP-V-29
    [Theory]
    [InlineData(ReplayResult.Added)]
    [InlineData(ReplayResult.Replayed)]
    public void Of_equal_keys_one_is_sent_and_the_others_are_replays_of_it(ReplayResult answer)
    {
        ReplayCheck[] equal = [Check(1), Check(1), Check(1)];
        Add(equal);
        _group.Sent.ShouldBe([equal[0]]);

        _group.Answer([(int)answer]);

        equal.Select(Answer).ShouldBe([answer, ReplayResult.Replayed, ReplayResult.Replayed]);
        _group.Sent.ShouldBeEmpty();
    }

    // The second may have a nonce where the first had none.
    [Fact]
    public void Where_the_first_was_not_filed_the_next_is_asked_for_by_itself()
    {
        ReplayCheck[] equal = [Check(1), Check(1), Check(1)];
        Add(equal);

        _group.Answer([(int)ReplayResult.Fenced]);
        Answer(equal[0]).ShouldBe(ReplayResult.Fenced);
        _group.Sent.ShouldBe([equal[1]]);

        _group.Answer([(int)ReplayResult.Added]);
        Answer(equal[1]).ShouldBe(ReplayResult.Added);
        Answer(equal[2]).ShouldBe(ReplayResult.Replayed);
    }

    // DPOP-V-32
    [Fact]
    public void A_lost_answer_is_nobodys_replay()
    {
        ReplayCheck[] checks = [Check(1), Check(1), Check(2)];
        Add(checks);
        _group.TakeRoom();

        _group.GiveUp();

        checks.Select(Answer).ShouldAllBe(answer => answer == ReplayResult.Unavailable);
    }

    [Fact]
    public void What_was_not_added_gives_its_room_back_and_what_was_lost_does_not()
    {
        Add(Check(1), Check(2));
        _group.TakeRoom();
        _group.Answer([(int)ReplayResult.Replayed, (int)ReplayResult.Fenced]);
        Add(Check(3), Check(4));
        _group.TakeRoom();
        _group.Sent.ShouldAllBe(check => check.HasRoom);

        _group.GiveUp();
        Add(Check(5));
        _group.TakeRoom();
        _group.Sent.ShouldAllBe(check => !check.HasRoom);
    }

    [Fact]
    public void What_found_no_room_is_asked_for_once_more_and_then_refused()
    {
        ReplayCheck[] checks = [Check(1), Check(2), Check(3)];
        Add(checks);
        _group.TakeRoom();
        checks[2].HasRoom.ShouldBeFalse();

        _group.Answer([(int)ReplayResult.Replayed, (int)ReplayResult.Added, (int)ReplayResult.Full]);
        _group.TakeRoom();
        _group.Sent.ShouldBe([checks[2]]);
        checks[2].HasRoom.ShouldBeTrue();

        _group.Answer([(int)ReplayResult.Full]);
        Answer(checks[2]).ShouldBe(ReplayResult.Full);
    }

    [Fact]
    public void What_waited_past_the_deadline_is_refused_and_not_sent()
    {
        var impatient = new ReplayGroup(new SharedRoom(new(), new VerifierClock(new ManualTimeProvider())), TimeSpan.FromTicks(-1));
        ReplayCheck check = Check(1);

        impatient.Add(check);

        Answer(check).ShouldBe(ReplayResult.Unavailable);
        impatient.Sent.ShouldBeEmpty();
    }

    private void Add(params ReplayCheck[] checks)
    {
        foreach (ReplayCheck check in checks)
            _group.Add(check);
    }

    private static ReplayCheck Check(uint key) => new(new(new(key), 7, new(Now, FromNonce: true, 3)));

    private static ReplayResult Answer(ReplayCheck check)
    {
        check.Task.IsCompleted.ShouldBeTrue();
        return check.Task.AsTask().GetAwaiter().GetResult();
    }
}
