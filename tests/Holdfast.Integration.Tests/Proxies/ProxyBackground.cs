using Holdfast.AspNetCore;

namespace Holdfast.Integration.Tests;

/// <summary>What the API and the guard behind proxies need to know.</summary>
internal sealed record ProxyBackground
{
    public required IReadOnlyList<ProxyPlan> Plans { get; init; }
    public required string Issuer { get; init; }
    public required string Audience { get; init; }

    /// <summary>The secret of those proxies that have one.</summary>
    public required string Secret { get; init; }

    /// <summary>The <c>iss</c> of contexts, and where the guard's keys are.</summary>
    public required string GuardName { get; init; }

    /// <summary>Hears the API's signals.</summary>
    public required IVerificationObserver ApiSignals { get; init; }

    /// <summary>Hears the guard's signals, each as a line of JSON.</summary>
    public required Action<string> GuardSignals { get; init; }

    /// <summary>An upstream behind the guard, which prints what it got: HOST:PORT.</summary>
    public required string Upstream { get; init; }

    /// <summary>The <c>aud</c> of contexts.</summary>
    public const string UpstreamName = "orders-service";

    /// <summary>The prefix that the samples take off.</summary>
    public const string Prefix = "/orders-service";

    public Task<RunningProcess> StartUpstreamAsync() =>
        RunningProcess.StartAsync("node", ["context-upstream.mjs", Upstream, GuardName, UpstreamName], line => line == "ready", RepositoryFiles.At("tests/npm"));
}
