using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>
/// The challenge of a constrained scheme. The DPoP challenge is written before the application's event, so that clients learn of it whatever body the
/// application answers with; the Bearer one, where that scheme is offered, is left to the bearer handler, with the application's realm and texts.
/// </summary>
internal sealed class BearerChallenge
{
    private readonly JwtBearerChallengeContext _context;
    private readonly ConstrainedRequest _request;
    private readonly Verdict _verdict;
    private readonly FailureInfo _failure;
    private readonly bool _offersBearer;

    public BearerChallenge(JwtBearerChallengeContext context, ConstrainedRequest request, Verdict verdict)
    {
        (_context, _request, _verdict) = (context, request, verdict);
        // Accepted, and challenged all the same: by the application, which refused the caller afterwards or wants other credentials.
        _failure = FailureCatalog.Get(!verdict.IsAccepted ? verdict.Answered
            : context.AuthenticateFailure is null ? VerificationFailure.CredentialsMissing : VerificationFailure.TokenRejected);
        _offersBearer = ResourceAnswer.OffersBearer(context.HttpContext, request.Resource);
    }

    /// <summary>True where the bearer handler, which knows 401 only, may write the rest.</summary>
    private bool IsTheHandlers => _failure.ResourceStatus == StatusCodes.Status401Unauthorized && _offersBearer;

    public void Prepare()
    {
        ChallengeSchemes used = ResourceAnswer.Used(_context.HttpContext, _verdict);
        if (_failure.ResourceStatus == StatusCodes.Status401Unauthorized)
            ResourceAnswer.Append(_context.Response, _request.Resource.Challenges.Of(_failure, _offersBearer, used)[0]!);
        // DPOP-RS-15, RFC 9449 §7.2: the error goes in the challenge of the scheme used; into both where that is ambiguous.
        if (used == ChallengeSchemes.DPoP || _failure.WireError is null)
            (_context.Error, _context.ErrorDescription) = (null, null);
        else if (!_verdict.IsAccepted && !_request.HasFailedBefore)
            (_context.Error, _context.ErrorDescription) = (_failure.WireError, _failure.Description);
    }

    public void Complete()
    {
        if (_context.Handled || IsTheHandlers)
            return;
        _context.HandleResponse();
        if (_failure.ResourceStatus == StatusCodes.Status401Unauthorized)
            _context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            ResourceAnswer.Challenge(_context.HttpContext, _request.Resource, _failure, _verdict);
    }
}
