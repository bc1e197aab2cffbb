using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Presents a request to the verifier, once, and keeps the verdict for the application: the same for every authentication handler of a resource.
/// </summary>
internal readonly record struct Presentation(string Scheme, HoldfastResource Resource, RequestVerifier Verifier)
{
    /// <summary>The credentials: the raw <c>Authorization</c> lines, or what a handler took in their place.</summary>
    public required FieldLines Authorization { get; init; }

    /// <summary>True where a token was found in the query or in a form.</summary>
    public bool TokenOutsideHeader { get; init; }

    /// <summary>See <see cref="HoldfastFeature.Token"/>.</summary>
    public AccessTokenHash? Token { get; init; }

    /// <summary>See <see cref="HoldfastFeature.Label"/>.</summary>
    public string? Label { get; init; }

    /// <summary>The verdict, and whether it was known (and so reported) before.</summary>
    public async ValueTask<(Verdict Verdict, bool IsKnown)> VerifyAsync(HttpContext context)
    {
        SenderConstraintMode? routeMode = RouteMode.Of(context);
        SenderConstraintMode mode = Resource.Strictest(routeMode);
        // An exception handler may run the request again in a scope of its own, with a handler that knows nothing: the proof is its own, not a replay.
        if (context.Features.Get<IHoldfastFeature>() is HoldfastFeature earlier && earlier.Settles(Scheme, mode, Token))
        {
            context.Features.Set<IHoldfastFeature>(earlier with { Mode = mode });
            return (earlier.Verdict, true);
        }
        PresentedRequest presented = Present(context, Resource.Targets.Resolve(context), routeMode);
        Verdict verdict = await Verifier.VerifyAsync(presented, Resource.Config, context.RequestAborted);
        // Where a policy names several schemes, the one that accepted speaks for the request.
        if (verdict.IsAccepted || context.Features.Get<IHoldfastFeature>() is not { Verdict.IsAccepted: true })
            context.Features.Set<IHoldfastFeature>(new HoldfastFeature(Scheme, verdict, mode) { Token = Token, Label = Label });
        return (verdict, false);
    }

    /// <summary>What is presented, as if it had been sent to one of <paramref name="targets"/>.</summary>
    // DPOP-RS-26, RFC 9449 §11.7: this is all that a proof covers; body, query and other fields are not (docs/protect-an-api.md).
    public PresentedRequest Present(HttpContext context, IReadOnlyList<HttpTarget> targets, SenderConstraintMode? routeMode) => new()
    {
        // DPOP-RS-28: method and target as the client really sent them, whatever middleware made of them.
        Method = OriginalRequest.MethodOf(context),
        Targets = targets,
        // DPOP-RS-17, RFC 9449 §7.1: never from Proxy-Authorization.
        // DPOP-V-01, DPOP-RS-07: lines, never a joined value, so that a second one is seen.
        Authorization = Authorization,
        DPoP = DPoPFields.Read(context.Request.Headers[DPoPFields.DPoP]),
        Certificate = ClientCertificates.Of(context),
        TokenOutsideHeader = TokenOutsideHeader,
        RouteMode = routeMode,
    };
}
