using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>
/// When a node refuses to verify because it has too much to do: <c>services.Configure&lt;VerifierGateOptions&gt;(…)</c>. For the process, whatever schemes it
/// has. Validated when the host starts.
/// </summary>
public sealed class VerifierGateOptions
{
    /// <summary>
    /// Requests that are verified at once, those included that wait for an issuer's keys or for the replay store; past it the answer is 503. Default 4,096,
    /// at least 1.
    /// </summary>
    public int MaxConcurrentVerifications { get; set; } = 4_096;

    /// <summary>
    /// Work items of the thread pool, for each processor, that may wait for a thread; past it, if that is no burst, the answer is 503 until the backlog is
    /// shorter. In requests and not in time, so that it allows the same multiple of what a request takes in every application. Default 16, at least 1; null
    /// never refuses for that.
    /// </summary>
    public int? MaxBacklogPerProcessor { get; set; } = 16;
}

/// <summary>Validates the options and reports every problem at once, each by the name of its setting.</summary>
internal sealed class VerifierGateOptionsValidator : IValidateOptions<VerifierGateOptions>
{
    public ValidateOptionsResult Validate(string? name, VerifierGateOptions options)
    {
        List<string> problems = [];
        if (options.MaxConcurrentVerifications < 1)
            problems.Add("MaxConcurrentVerifications: must be at least 1.");
        if (options.MaxBacklogPerProcessor is < 1)
            problems.Add("MaxBacklogPerProcessor: must be at least 1, or null.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
