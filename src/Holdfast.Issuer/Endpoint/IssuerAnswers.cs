using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>Writes what was decided (RFC 6749 §5), and records refusals once.</summary>
internal sealed class IssuerAnswers(IssuerConfig config, VerificationReporter reporter, VerifierClock clock)
{
    public Task WriteAsync(HttpContext context, IssuerDecision decision, Activity? activity)
    {
        Record(context, decision, activity);
        HttpResponse response = context.Response;
        // RFC 6749 §5.1 and DPOP-AS-27, RFC 9449 §8.2: neither tokens nor nonces are kept by caches.
        response.Headers.CacheControl = "no-store";
        response.Headers.Pragma = "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        EndpointCors.Expose(context);
        // DPOP-AS-21, DPOP-AS-24, DPOP-AS-26, RFC 9449 §8: a challenge brings the nonce to use, and so does an answer when a newer one is due; one field.
        if (decision.OfferNonce is { } nonce)
            DPoPFields.OfferNonce(response, nonce);
        if (decision.Answer is { } answer)
            return WriteAsync(context, answer.Status, answer.Json);
        return RefuseAsync(context, decision);
    }

    private void Record(HttpContext context, IssuerDecision decision, Activity? activity)
    {
        Refusal? recorded = decision.Answer is null ? decision.Recorded : null;
        VerifierMeter.Record(VerifierRole.AuthorizationServer, recorded is null, recorded?.Failure, decision.Answered, decision.Proof, config.Issuer, clock.Now, activity);
        if (recorded is not null)
            reporter.Report(context, VerifierRole.AuthorizationServer, config.Issuer, recorded, decision.Answered, proof: decision.Proof, clientId: decision.ClientId,
                certificate: decision.Certificate);
    }

    private Task RefuseAsync(HttpContext context, IssuerDecision decision)
    {
        // DPOP-AS-03, RFC 9449 §5: an invalid proof is invalid_dpop_proof with 400, by the one table of failures.
        FailureInfo answered = FailureCatalog.Get(decision.Answered);
        string error = decision.Error ?? answered.WireError ?? "invalid_request";
        int status = decision.Status ?? answered.IssuerStatus;
        if (error is "invalid_client" && TryChallengeBasic(context))
            status = StatusCodes.Status401Unauthorized;
        if (status == StatusCodes.Status405MethodNotAllowed)
            context.Response.Headers.Allow = "POST, OPTIONS";
        // RFC 6585 §4, RFC 9110 §10.2.3: in whole seconds, at least one.
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(decision.RetryAfter?.TotalSeconds ?? 1)).ToString(CultureInfo.InvariantCulture);
        return WriteAsync(context, status, JsonSerializer.SerializeToUtf8Bytes(new TokenErrorResponse(error, answered.Description), IssuerJsonContext.Default.TokenErrorResponse));
    }

    // RFC 6749 §5.2: 401 and a challenge for a client that tried by the Authorization field. One that tried by the body keeps the table's 400:
    // a 401 has to carry a challenge, and there is none for assertions (RFC 9110 §15.5.2).
    private bool TryChallengeBasic(HttpContext context)
    {
        if (!context.Request.Headers.Authorization.Any(line => line is not null && BasicCredentials.IsBasic(line)))
            return false;
        context.Response.Headers.WWWAuthenticate = $"Basic realm=\"{config.Issuer}\", charset=\"UTF-8\"";
        return true;
    }

    private static async Task WriteAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        // RFC 7009 §2.2: an answer without a body says all by its status.
        if (json.Length == 0)
            return;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
