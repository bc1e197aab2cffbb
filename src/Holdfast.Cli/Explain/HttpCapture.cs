using System.Globalization;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>Reads an HTTP/1.1 request message (RFC 9112 §2): request line, field lines, an empty line, a body.</summary>
internal static class HttpCapture
{
    public static ExplainCase Parse(string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        // curl -v marks what it sent with "> " and puts remarks between.
        if (lines.Any(line => line.StartsWith("> ", StringComparison.Ordinal)))
            lines = [.. lines.Where(line => line.StartsWith('>')).Select(line => line[1..].TrimStart(' '))];

        (string method, string target) = RequestLine(lines[0]);
        List<(string Name, string Value)> fields = [];
        int at = 1;
        for (; at < lines.Length && lines[at].Length > 0; at++)
            fields.Add(Field(lines[at], at + 1));

        (string? origin, string rawTarget) = target.StartsWith('/') || string.Equals(target, "*", StringComparison.Ordinal)
            ? (OriginOf(fields), target)
            : CapturedRequest.SplitUrl(target) ?? throw new CliException("The request line names neither a path nor an absolute URL.");
        DateTimeOffset? date = fields.FirstOrDefault(field => string.Equals(field.Name, "Date", StringComparison.OrdinalIgnoreCase)).Value is { } value
            && DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset parsed) ? parsed : null;
        return new ExplainCase
        {
            Request = new CapturedRequest { Method = method, RawTarget = rawTarget, Origin = origin, Fields = fields, Body = string.Join('\n', lines.Skip(at + 1)) },
            Time = date,
            TimeSource = "the message's Date field",
        };
    }

    private static (string Method, string Target) RequestLine(string line)
    {
        string[] parts = line.Split(' ');
        return parts is [{ Length: > 0 } method, { Length: > 0 } target, var version] && version.StartsWith("HTTP/", StringComparison.Ordinal)
            ? (method, target)
            : throw new CliException("Line 1 is not a request line such as 'GET /orders HTTP/1.1', and the input is not JSON.");
    }

    private static (string Name, string Value) Field(string line, int number)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || line[0] is ' ' or '\t' || line.AsSpan(0, colon).ContainsAnyExceptInRange('!', '~'))
            throw new CliException($"Line {number} is not a field line 'Name: value'.");
        return (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }

    // The scheme is not in the message; whoever captured it knows it and can say --origin.
    private static string? OriginOf(List<(string Name, string Value)> fields) =>
        fields.FirstOrDefault(field => string.Equals(field.Name, "Host", StringComparison.OrdinalIgnoreCase)).Value is { Length: > 0 } host
            ? $"{(host.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || host.StartsWith("127.0.0.1", StringComparison.Ordinal) ? "http" : "https")}://{host}"
            : null;
}
