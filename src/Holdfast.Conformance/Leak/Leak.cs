using System.Globalization;
using System.Text.RegularExpressions;

namespace Holdfast.Conformance;

/// <summary>
/// What leaves the client's hands: a log line of a gateway that writes headers, and two requests as a capturing proxy keeps them.
/// </summary>
internal sealed record Leak(string LogLine, string Request, string TokenRequest)
{
    public static Leak Of(RawRequest call, RawRequest tokenRequest, DateTimeOffset now)
    {
        var authorization = call.Fields.First(field => field.Name == "Authorization").Value;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{now:O} warn gateway[7]: upstream slow, \"{call.Method} {call.Target}\" 200 authorization=\"{authorization}\"");
        return new Leak(line, call.ToString(), tokenRequest.ToString());
    }

    public DrillEvidence Evidence(bool showTokens) => showTokens
        ? new DrillEvidence(LogLine, Request, TokenRequest)
        : new DrillEvidence(Redaction.Shorten(LogLine), Redaction.Shorten(Request), Redaction.Shorten(TokenRequest));
}

/// <summary>Cuts JWTs so that a report can be passed on.</summary>
internal static partial class Redaction
{
    private const int Kept = 12;

    public static string Shorten(string text) =>
        Jwt().Replace(text, match => $"{match.Value[..Kept]}...({match.Length} characters)");

    // Every JWT begins with the base64url of '{"', and so does the payload of one whose header was cut off.
    [GeneratedRegex("eyJ[A-Za-z0-9_.=-]{16,}", RegexOptions.None, 1000)]
    private static partial Regex Jwt();
}
