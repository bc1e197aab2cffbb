using Microsoft.Extensions.Options;

namespace Holdfast.Control;

/// <summary>Says everything that is wrong with the options; what they share with every API is said by its own validator.</summary>
internal sealed class HoldfastControlOptionsValidator : IValidateOptions<HoldfastControlOptions>
{
    public ValidateOptionsResult Validate(string? name, HoldfastControlOptions options)
    {
        List<string> problems = [];
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out _))
            problems.Add($"Issuer: '{options.Issuer}' is not an absolute URL; set it to the issuer whose registry this is.");
        if (options.Path is not ['/', _, ..] || options.Path[^1] == '/' || options.Path.AsSpan().ContainsAny("?#{}*") || options.Path.Contains("//", StringComparison.Ordinal))
            problems.Add($"Path: '{options.Path}' must start with a slash, not end with one, and hold no pattern.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
