using Holdfast.AspNetCore;
using Holdfast.Guard.Internal;

namespace Holdfast.Guard;

/// <summary>A validated configuration: immutable, read once at start.</summary>
public sealed record GuardConfig
{
    internal GuardConfig() { }

    /// <summary>The <c>iss</c> of every context.</summary>
    public required string Name { get; init; }

    /// <summary>Where the context keys are kept: for the owner only.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Where proxies ask, and what is served besides.</summary>
    public required IReadOnlyList<GuardListener> Listeners { get; init; }

    /// <summary>The authorization servers whose tokens are taken.</summary>
    public required IReadOnlyList<GuardIssuer> Issuers { get; init; }

    /// <summary>What is demanded of tokens and proofs.</summary>
    public required IReadOnlyList<GuardResource> Resources { get; init; }

    /// <summary>Which requests are let through under which policy. What is not declared is refused.</summary>
    public required IReadOnlyList<GuardRoute> Routes { get; init; }

    /// <summary>When nonces are demanded. Default: on demand for a declared single instance and with <see cref="Replay"/>, otherwise always.</summary>
    public required NonceMode NonceMode { get; init; }

    /// <summary>True where exactly one process ever answers at a time.</summary>
    public bool SingleInstance { get; init; }

    /// <summary>How many guards answer at a time. Default 1, which promises nothing: that is what <see cref="SingleInstance"/> does.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Where replay records are shared; null where each guard keeps its own. The host brings the store: <see cref="GuardServerOptions.ConfigureServices"/>.</summary>
    public GuardReplay? Replay { get; init; }

    /// <summary>What is wrong with it where no store is shared, and then a guard does not start; null where nothing is.</summary>
    public GuardConfigProblem? UnsharedProblem { get; internal init; }

    /// <summary>How many accepted proofs are remembered at once. Default 4,000,000.</summary>
    public int ReplayCapacity { get; init; } = DefaultReplayCapacity;

    /// <summary>How many of them one key may have. Default: an eighth.</summary>
    public int? ReplayQuotaPerKey { get; init; }

    /// <summary>Decisions under way at once; past it the answer is 503. Default 4,096.</summary>
    public int MaxConcurrentVerifications { get; init; } = DefaultGate.MaxConcurrentVerifications;

    /// <summary>Work items, for each processor, that may wait for a thread; past it, if that is no burst, the answer is 503. Default 16; null for no bound.</summary>
    public int? MaxBacklogPerProcessor { get; init; } = DefaultGate.MaxBacklogPerProcessor;

    /// <summary>How long one decision may take; past it the answer is 503. Default 2 s: below the time-outs of the proxies, some of which ask again silently.</summary>
    public TimeSpan DecisionTimeout { get; init; } = DefaultDecisionTimeout;

    /// <summary>How often the key that signs contexts is exchanged. Default 7 days.</summary>
    public TimeSpan ContextKeyLifetime { get; init; } = DefaultContextKeyLifetime;

    internal static readonly VerifierGateOptions DefaultGate = new();
    internal const int DefaultReplayCapacity = 4_000_000;
    internal static readonly TimeSpan DefaultDecisionTimeout = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan DefaultContextKeyLifetime = TimeSpan.FromDays(7);

    /// <summary>
    /// Reads YAML. Null and every problem where something is wrong; unknown members are problems. Files that it names (secrets, certificates) are read
    /// as well, relative to <paramref name="folder"/>; <paramref name="environment"/> answers for variables.
    /// </summary>
    public static GuardConfig? TryRead(string yaml, string folder, Func<string, string?> environment, out IReadOnlyList<GuardConfigProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(environment);
        var found = new List<GuardConfigProblem>();
        GuardConfig? config = YamlDocument.TryRead(yaml, found) is { } root ? new ConfigReader(folder, environment).Read(root) : null;
        problems = [.. found.OrderBy(problem => problem.Line)];
        return found.Count == 0 ? config : null;
    }
}
