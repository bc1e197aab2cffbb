namespace Holdfast.Repository.Tests;

/// <summary>Requirements without a check, each with the reason. Short on purpose: whatever is not here and has no check fails the build.</summary>
internal static class Unchecked
{
    private const string Refresh = "later: refresh tokens";
    private const string Code = "later: authorization code and pushed authorization requests";
    private const string Introspection = "later: introspection";

    public static readonly IReadOnlyDictionary<string, string> Reasons = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["DPOP-AS-07"] = Refresh,
        ["DPOP-AS-08"] = Refresh,
        ["DPOP-AS-09"] = Refresh,
        ["DPOP-AS-10"] = Refresh,
        ["DPOP-AS-11"] = Refresh,
        ["DPOP-AS-17"] = Introspection,
        ["DPOP-AS-18"] = Introspection,
        ["DPOP-AS-19"] = Introspection,
        ["DPOP-AS-31"] = Code,
        ["DPOP-AS-32"] = Code,
        ["DPOP-AS-33"] = Code,
        ["DPOP-AS-34"] = Code,
        ["DPOP-AS-35"] = Code,
        ["DPOP-AS-36"] = Code,
        ["DPOP-AS-40"] = "later: mutual TLS endpoint aliases",
        ["DPOP-C-11"] = Refresh,
        ["DPOP-C-22"] = Code,
    };

    /// <summary>Rules of proof validation that one request cannot show, each with the test that shows them instead.</summary>
    public static readonly IReadOnlyDictionary<string, string> WithoutVector = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
    };
}
