namespace Holdfast.AspNetCore;

/// <summary>What the verifier decided about the request: <c>HttpContext.Features.Get&lt;IHoldfastFeature&gt;()</c>. Absent where no credentials were sent.</summary>
public interface IHoldfastFeature
{
    /// <summary>The verdict.</summary>
    Verdict Verdict { get; }

    /// <summary>The mode in force for this request: the strictest of the resource's and the endpoint's.</summary>
    SenderConstraintMode Mode { get; }
}

internal sealed record HoldfastFeature(string Scheme, Verdict Verdict, SenderConstraintMode Mode) : IHoldfastFeature
{
    /// <summary>Which token it was, where the handler may find another one in the same request; null where it is always that of the <c>Authorization</c> field.</summary>
    public AccessTokenHash? Token { get; init; }

    /// <summary>What the label of each identity is, by reference, that the handler made of the verified token; null where its authentication type tells.</summary>
    public string? Label { get; init; }

    /// <summary>True where verifying the same request again could only find its own proof spent, or repeat what is known.</summary>
    public bool Settles(string scheme, SenderConstraintMode mode, AccessTokenHash? token) =>
        string.Equals(Scheme, scheme, StringComparison.Ordinal) && Token == token
        && (Mode == mode || Verdict is { IsAccepted: true, Proof: not null });
}
