using System.Diagnostics;
using System.Text;
using Holdfast.AspNetCore;
using Holdfast.Guard.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Holdfast.Guard;

/// <summary>Everything that is answered, by the raw target: nothing is decoded or normalised before a contract has read it.</summary>
internal sealed class GuardEndpoints(Authorizer authorizer, ContextKeys keys, Readiness readiness)
{
    private const string Jwks = "/.well-known/jwks.json";
    private const string Live = "/health/live";
    private const string Ready = "/health/ready";

    public async Task HandleAsync(HttpContext context)
    {
        GuardListener listener = context.Features.Get<ListenerFeature>()!.Listener;
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        foreach (ProxyContract contract in ProxyContract.All)
        {
            if (contract.IsFor(target) && listener.Adapters.Contains(contract.Adapter))
            {
                await AuthorizeAsync(context, contract, listener);
                return;
            }
        }
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        switch (target)
        {
            case Jwks:
                context.Response.Headers.CacheControl = "public, max-age=300";
                await WriteAsync(context, StatusCodes.Status200OK, "application/jwk-set+json", keys.Jwks);
                break;
            case Live:
                await WriteAsync(context, StatusCodes.Status200OK, "text/plain", "live\n"u8.ToArray());
                break;
            case Ready:
                await WriteReadinessAsync(context);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                break;
        }
    }

    private async Task AuthorizeAsync(HttpContext context, ProxyContract contract, GuardListener listener)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            Decision decision = await authorizer.DecideAsync(context, contract, listener);
            AnswerWriter.Write(context.Response, contract, decision);
            GuardMeter.Record(contract.Adapter, decision.Status, Stopwatch.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The proxy has gone away, as proxies do when their client does: nobody is left to answer.
            context.Abort();
        }
    }

    private async Task WriteReadinessAsync(HttpContext context)
    {
        if (await readiness.WhyNotAsync(context.RequestAborted) is { } reason)
            await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "text/plain", Encoding.UTF8.GetBytes($"not ready: {reason}\n"));
        else
            await WriteAsync(context, StatusCodes.Status200OK, "text/plain", "ready\n"u8.ToArray());
    }

    private static async Task WriteAsync(HttpContext context, int status, string type, byte[] body)
    {
        HttpResponse response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, type, body.Length);
        response.Headers.XContentTypeOptions = "nosniff";
        if (HttpMethods.IsGet(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
