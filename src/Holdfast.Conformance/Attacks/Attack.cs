namespace Holdfast.Conformance;

/// <summary>One attack: how the thief prepares his requests, and how they are judged.</summary>
/// <param name="Id">The stable name.</param>
/// <param name="Description">What the thief does.</param>
/// <param name="Prepare">Makes the requests, from the loot and what the thief can do himself.</param>
internal sealed record Attack(string Id, string Description, Func<Thief, IReadOnlyList<RawRequest>> Prepare)
{
    public Attack(string id, string description, Func<Thief, RawRequest> prepare)
        : this(id, description, thief => [prepare(thief)])
    {
    }

    /// <summary>All requests race instead of going one after the other.</summary>
    public bool Together { get; init; }

    /// <summary>How many may get in: 1 where the proof was never delivered, so that one of the copies is the request itself.</summary>
    public int Allowed { get; init; }

    /// <summary>What is sent to the twin.</summary>
    public BearerForm Bearer { get; init; } = BearerForm.TokenAsBearer;

    /// <summary>When the thief may begin; null for at once.</summary>
    public Func<Thief, DateTimeOffset>? NotBefore { get; init; }

    /// <summary>The failure by which a server says that it saw through the attack itself, where another one says why the request was refused;
    /// null where they are one.</summary>
    public string? Noticed { get; init; }

    /// <summary>What a reader must know; null for nothing.</summary>
    public Func<Thief, string?>? Note { get; init; }
}

/// <summary>What the same thief does at a plain bearer API.</summary>
internal enum BearerForm
{
    /// <summary>The same requests, with the stolen token as a bearer token.</summary>
    TokenAsBearer = 0,

    /// <summary>The very same requests: the attack is in how the token is sent.</summary>
    Same = 1,

    /// <summary>Nothing: the attack is on the issuer.</summary>
    None = 2,
}
