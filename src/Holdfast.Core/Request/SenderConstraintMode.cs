namespace Holdfast;

/// <summary>
/// What happens to a token that has no binding. A token that has one is always enforced, in both modes.
/// </summary>
public enum SenderConstraintMode
{
    /// <summary>Refuse an unbound token. The default, and the stricter mode.</summary>
    Require = 0,

    /// <summary>Accept an unbound token and record what <see cref="Require"/> would have done.</summary>
    Observe = 1,
}
