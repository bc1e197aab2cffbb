using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Holdfast.AspNetCore;

/// <summary>
/// Counts by client and route what <see cref="SenderConstraintMode.Require"/> refuses or would refuse: what an operator reads before switching to it.
/// The instrument <c>holdfast.refusals</c> of the meter <see cref="VerifierMeter.Name"/> has the tags <c>resource</c>, <c>client</c>, <c>route</c>,
/// <c>failure</c>, <c>mode</c> (the one in force: <c>observe</c> or <c>require</c>) and <c>outcome</c> (<c>passed</c> or <c>refused</c>). Requests without
/// credentials and nonce challenges are not counted.
/// </summary>
internal static class RefusalMeter
{
    /// <summary>Clients told apart: more than an API has, unless clients register themselves. The rest is one.</summary>
    public const int MaxClients = 1_000;

    private static readonly Meter Meter = new(VerifierMeter.Name);
    private static readonly Counter<long> Refusals =
        Meter.CreateCounter<long>("holdfast.refusals", "{request}", "Requests that require refuses, or would refuse, by client and route.");
    private static readonly ConcurrentDictionary<string, string> Clients = new(StringComparer.Ordinal);
    private static int _clients;

    /// <summary>Counts what a verdict recorded.</summary>
    public static void Record(HttpContext context, HoldfastResource resource, Verdict verdict)
    {
        // A request that was shed was not judged: it has a counter of its own.
        if (!Refusals.Enabled || verdict.Recorded is not { Failure: not VerificationFailure.VerifierOverloaded } recorded)
            return;
        if (!verdict.IsAccepted && FailureCatalog.Get(verdict.Answered).WireError is null or "use_dpop_nonce")
            return;
        Refusals.Add(1, new TagList
        {
            { "resource", resource.Config.Name },
            { "client", Client(verdict.Token?.ClientId) },
            { "route", Route(context) },
            { "failure", FailureCatalog.Get(recorded.Failure).Name },
            { "mode", resource.Strictest(RouteMode.Of(context)) == SenderConstraintMode.Observe ? "observe" : "require" },
            { "outcome", verdict.IsAccepted ? "passed" : "refused" },
        });
    }

    // The pattern and never the path: of patterns there are as many as endpoints.
    private static string Route(HttpContext context) => (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "none";

    // Of a verified token only, so that no stranger adds a name.
    private static string Client(string? client)
    {
        if (string.IsNullOrEmpty(client))
            return "unknown";
        if (Clients.TryGetValue(client, out string? known))
            return known;
        if (Volatile.Read(ref _clients) >= MaxClients)
            return "other";
        if (Clients.TryAdd(client, Printable.From(client)))
            Interlocked.Increment(ref _clients);
        return Clients[client];
    }
}
