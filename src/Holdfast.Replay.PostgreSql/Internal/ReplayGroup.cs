namespace Holdfast.Replay.PostgreSql.Internal;

/// <summary>Checks that go to the database together. Of equal keys one is sent: the first.</summary>
internal sealed class ReplayGroup(TimeSpan deadline)
{
    /// <summary>The most checks in a group: past some hundreds a bigger one is no cheaper for each, and all of them wait for the last.</summary>
    public const int Limit = 512;

    private readonly List<ReplayCheck> _sent = [];
    private readonly List<(ReplayCheck Check, int First)> _repeated = [];
    private readonly Dictionary<ReplayKey, int> _places = [];

    /// <summary>What is sent, in this order.</summary>
    public IReadOnlyList<ReplayCheck> Sent => _sent;

    public bool IsFull => _sent.Count + _repeated.Count >= Limit;

    /// <summary>Takes a check in; one that has waited past the deadline is answered instead.</summary>
    public void Add(ReplayCheck check)
    {
        if (check.Age > deadline)
        {
            check.Answer(ReplayResult.Unavailable);
            return;
        }
        if (_places.TryAdd(check.Record.Key, _sent.Count))
            _sent.Add(check);
        else
            _repeated.Add((check, _places[check.Record.Key]));
    }

    /// <summary>Answers all; those whose turn is still to come, because the first of their key was not filed, are the next group's.</summary>
    public void Answer(ReadOnlySpan<int> answers)
    {
        List<ReplayCheck>? again = null;
        foreach ((ReplayCheck check, int first) in _repeated)
        {
            // DPOP-V-29, RFC 9449 §11.1: identical proofs have one winner. The first was added now or is there already: the others are repeats.
            if ((ReplayResult)answers[first] is ReplayResult.Added or ReplayResult.Replayed)
                check.Answer(ReplayResult.Replayed);
            else
                (again ??= []).Add(check);
        }
        for (int i = 0; i < _sent.Count; i++)
            _sent[i].Answer((ReplayResult)answers[i]);
        Clear();
        foreach (ReplayCheck check in again ?? [])
            Add(check);
    }

    /// <summary>The answer was lost: whether a record was added nobody knows, so nothing is accepted, and nothing called a replay.</summary>
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
