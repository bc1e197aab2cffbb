using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Holdfast.Conformance;

/// <summary>What came back. <see cref="Status"/> is 0 where nothing did.</summary>
public sealed partial record RawResponse(int Status, IReadOnlyList<FieldLine> Fields, string Body)
{
    /// <summary>The connection ended, or time did, before a response.</summary>
    public static RawResponse None { get; } = new(0, [], "");

    /// <summary>The server ended TLS with an alert instead of answering: a refusal, by those who demand certificates of their own liking.</summary>
    public static RawResponse Alert { get; } = new(0, [], "") { IsAlert = true };

    /// <summary>True for <see cref="Alert"/>.</summary>
    public bool IsAlert { get; private init; }

    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The nonce that the server offers (RFC 9449 §8).</summary>
    public string? DPoPNonce => Values("DPoP-Nonce").FirstOrDefault();

    /// <summary>The <c>error</c> of the challenge, or of the JSON body at a token endpoint; null where neither has one.</summary>
    public string? Error =>
        Values("WWW-Authenticate").Select(value => ChallengeError().Match(value)).FirstOrDefault(match => match.Success)?.Groups["code"].Value
        ?? (BodyError().Match(Body) is { Success: true } body ? body.Groups["code"].Value : null);

    /// <summary>All values of that name, in order.</summary>
    public IEnumerable<string> Values(string name) =>
        Fields.Where(field => string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value);

    /// <summary>True once the bytes hold a whole message, so that nobody needs to wait for the connection to end.</summary>
    internal static bool IsComplete(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var response = Parse(text);
        if (response.Values("Transfer-Encoding").Any())
            return text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        return response.Values("Content-Length").FirstOrDefault() is { } length
            && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var octets)
            && text.Length >= end + 4 + octets;
    }

    /// <summary>Reads a message whose octets were mapped to characters one to one (Latin-1).</summary>
    internal static RawResponse Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0)
            return None;
        var lines = text[..end].Split("\r\n");
        if (lines[0].Split(' ') is not [_, var code, ..] || !int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
            return None;
        List<FieldLine> fields = [];
        foreach (var line in lines.Skip(1))
        {
            if (line.Split(':', 2) is [var name, var value])
                fields.Add(new FieldLine(name, value.Trim()));
        }

        var response = new RawResponse(status, fields, text[(end + 4)..]);
        var body = response.Values("Transfer-Encoding").Any() ? Unchunk(response.Body) : response.Body;
        return response with { Body = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(body)) };
    }

    private static string Unchunk(string text)
    {
        var body = new StringBuilder();
        for (var at = 0; text.IndexOf("\r\n", at, StringComparison.Ordinal) is var line and >= 0;)
        {
            if (!int.TryParse(text.AsSpan(at, line - at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
                || size <= 0 || line + 2 + size > text.Length)
            {
                break;
            }

            body.Append(text, line + 2, size);
            at = Math.Min(text.Length, line + 2 + size + 2);
        }

        return body.ToString();
    }

    [GeneratedRegex("\\berror=\"(?<code>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ChallengeError();

    [GeneratedRegex("^\\s*\\{[^{}]*\"error\"\\s*:\\s*\"(?<code>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BodyError();
}
