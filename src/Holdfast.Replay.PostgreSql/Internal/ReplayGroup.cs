namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>Checks that go to the database together. Of equal keys one is sent: the first.</summary>
internal sealed class ReplayGroup(SharedRoom room, TimeSpan deadline)
{
    /// <summary>The most checks in a group: past some hundreds a bigger one is no cheaper for each, and all of them wait for the last.</summary>
    public const int Limit = 512;

    private readonly List<ReplayCheck> _sent = [];
    private readonly List<(ReplayCheck Check, int First)> _repeated = [];
    private readonly Dictionary<ReplayKey, int> _places = [];
    private readonly List<ReplayCheck> _again = [];

    /// <summary>What is sent, in this order.</summary>
    public IReadOnlyList<ReplayCheck> Sent => _sent;

    public bool IsFull => _sent.Count + _repeated.Count >= Limit;

    /// <summary>Takes a check in; one that has waited past the deadline is answered instead.</summary>
    public void Add(ReplayCheck check)
    {
        if (check.Age > deadline)
            check.Answer(ReplayResult.Unavailable);
        else if (_places.TryAdd(check.Record.Key, _sent.Count))
            _sent.Add(check);
        else
            _repeated.Add((check, _places[check.Record.Key]));
    }

    /// <summary>Takes room for what is sent, as far as there is any.</summary>
    public void TakeRoom()
    {
        foreach (ReplayCheck check in _sent)
            check.HasRoom = room.TryTake(check.Record);
    }

    /// <summary>Answers all. What is not decided yet is in the next group: a repeat whose first was not filed, and what found no room that has been given back by now.</summary>
    public void Answer(ReadOnlySpan<int> answers)
    {
        for (int i = 0; i < _sent.Count; i++)
        {
            if (_sent[i].HasRoom && (ReplayResult)answers[i] != ReplayResult.Added)
                room.Return(_sent[i].Record);
        }
        for (int i = 0; i < _sent.Count; i++)
        {
            if ((ReplayResult)answers[i] == ReplayResult.Full && !_sent[i].HasBeenFull)
            {
                _sent[i].HasBeenFull = true;
                _again.Add(_sent[i]);
            }
            else
            {
                _sent[i].Answer((ReplayResult)answers[i]);
            }
        }
        foreach ((ReplayCheck check, int first) in _repeated)
        {
            // DPOP-V-29, RFC 9449 §11.1: identical proofs have one winner. The first was added now or is there already: the others are repeats.
            if ((ReplayResult)answers[first] is ReplayResult.Added or ReplayResult.Replayed)
                check.Answer(ReplayResult.Replayed);
            else
                _again.Add(check);
        }
        Clear();
        foreach (ReplayCheck check in _again)
            Add(check);
        _again.Clear();
    }

    /// <summary>
    /// The answer was lost: whether a record was added nobody knows, so nothing is accepted, and nothing called a replay. What was taken for them stays
    /// taken until they would expire.
    /// </summary>
    public void GiveUp()
    {
        foreach (ReplayCheck check in _sent)
            check.Answer(ReplayResult.Unavailable);
        foreach ((ReplayCheck check, _) in _repeated)
            check.Answer(ReplayResult.Unavailable);
        Clear();
    }

    private void Clear()
    {
        _sent.Clear();
        _repeated.Clear();
        _places.Clear();
    }
}
