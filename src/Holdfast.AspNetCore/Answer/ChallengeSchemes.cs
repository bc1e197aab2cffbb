namespace Holdfast.AspNetCore;

/// <summary>In which of the challenges an error stands (RFC 9449 §7.2).</summary>
[Flags]
internal enum ChallengeSchemes
{
    None = 0,
    DPoP = 1,
    Bearer = 2,
    Both = DPoP | Bearer,
}
