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
    /// <summary>True where verifying the same request again could only find its own proof spent, or repeat what is known.</summary>
    public bool Settles(string scheme, SenderConstraintMode mode) =>
        string.Equals(Scheme, scheme, StringComparison.Ordinal) && (Mode == mode || Verdict is { IsAccepted: true, Proof: not null });
}
