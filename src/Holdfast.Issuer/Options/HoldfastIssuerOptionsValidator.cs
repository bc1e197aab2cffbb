using Microsoft.Extensions.Options;

namespace Holdfast.Issuer;

/// <summary>Reports every problem of the options at once.</summary>
internal sealed class HoldfastIssuerOptionsValidator : IValidateOptions<HoldfastIssuerOptions>
{
    public ValidateOptionsResult Validate(string? name, HoldfastIssuerOptions options)
    {
        IssuerConfigBuilder.TryBuild(options, out IReadOnlyList<string> problems);
        string[] all = [.. options.ConfigurationProblems, .. problems];
        return all.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(all);
    }
}
