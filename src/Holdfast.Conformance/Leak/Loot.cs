using System.Text.RegularExpressions;

namespace Holdfast.Conformance;

/// <summary>What the thief reads out of the leak. Nothing here comes from the client's own variables.</summary>
/// <param name="Token">The access token, from the log line.</param>
/// <param name="Proof">The delivered proof, from the captured request.</param>
/// <param name="Method">The method that the proof was made for.</param>
/// <param name="Path">The path that the proof was made for.</param>
/// <param name="Assertion">The delivered client assertion, from the captured token request.</param>
/// <param name="TokenForm">The whole form that it came in.</param>
internal sealed partial record Loot(string Token, CompactJws Proof, string Method, string Path, string Assertion, string TokenForm)
{
    public static Loot From(Leak leak)
    {
        var line = leak.Request[..leak.Request.IndexOf("\r\n", StringComparison.Ordinal)].Split(' ');
        var form = leak.TokenRequest[(leak.TokenRequest.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return new Loot(
            Find(TokenInLog(), leak.LogLine),
            CompactJws.Parse(Find(ProofInRequest(), leak.Request)),
            line[0],
            line[1],
            Find(AssertionInForm(), form),
            form);
    }

    private static string Find(Regex pattern, string text) => pattern.Match(text) is { Success: true } match
        ? match.Groups["loot"].Value
        : throw new DrillFailedException("the captured text holds nothing to steal");

    [GeneratedRegex("authorization=\"DPoP (?<loot>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TokenInLog();

    [GeneratedRegex("\r\nDPoP: (?<loot>[^\r]+)\r\n", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ProofInRequest();

    [GeneratedRegex("client_assertion=(?<loot>[^&]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AssertionInForm();
}
