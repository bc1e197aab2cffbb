using System.Globalization;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.Guard.Internal;

/// <summary>Writes a decision in the words that the proxy understands.</summary>
internal static class AnswerWriter
{
    private const string RetryAfterSeconds = "5";

    public static void Write(HttpResponse response, ProxyContract contract, Decision decision)
    {
        // FWD-53: the status that this proxy understands, and beside it the one that is meant.
        response.StatusCode = contract.StatusFor(decision.Status);
        response.Headers[AnswerFields.Status] = decision.Status.ToString(CultureInfo.InvariantCulture);
        // FWD-56, FWD-62: on every answer, empty on a refusal, so that no proxy keeps what the client sent.
        response.Headers[AnswerFields.Context] = decision.Context;
        // FWD-61: an answer that was stored would let a replay through.
        response.Headers.CacheControl = "no-store";
        if (decision.Nonce is { } nonce)
            response.Headers[DPoPFields.Nonce] = nonce;
        if (decision.Refusal is { } failure)
            response.Headers[AnswerFields.Failure] = failure.Name;
        if (decision.Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers.RetryAfter = RetryAfterSeconds;
        // FWD-54, RFC 9110 §11.6.1: of several lines nginx hands on the first; challenges may stand in one line.
        if (decision.Challenges.Count > 0)
            response.Headers.WWWAuthenticate = contract.JoinsChallenges ? new StringValues(string.Join(", ", decision.Challenges.ToArray())) : decision.Challenges;
        response.ContentLength = 0;
    }
}
