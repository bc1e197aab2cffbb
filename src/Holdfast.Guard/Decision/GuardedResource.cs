using Holdfast.AspNetCore;

namespace Holdfast.Guard.Internal;

/// <summary>A resource, ready: made once and read by every request.</summary>
/// <param name="Config">Issuer, audience, mode and exemptions.</param>
/// <param name="Verifier">The one verifier.</param>
/// <param name="Challenges">What its clients are told.</param>
/// <param name="SelfTest">Tries out that a proof is accepted once.</param>
internal sealed record GuardedResource(ResourceConfig Config, RequestVerifier Verifier, Challenges Challenges, ReplaySelfTest SelfTest);
