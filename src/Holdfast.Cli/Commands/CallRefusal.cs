using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Holdfast.Cli.Commands;

/// <summary>A refusal by a server, and what it means for whoever called.</summary>
internal sealed partial record CallRefusal(int Status, string[] Challenges, string? Failure, string? Meaning)
{
    /// <summary>For a person.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            yield return $"holdfast: the server answered {Status}{(Failure is null ? "" : $" ({Failure})")}.";
            foreach (string challenge in Challenges)
                yield return $"  WWW-Authenticate: {challenge}";
            if (Meaning is not null)
                yield return $"  {Meaning}";
        }
    }

    /// <summary>Reads it from status, challenge and body.</summary>
    public static CallRefusal From(HttpResponseMessage response, string body)
    {
        string[] challenges = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? [.. values] : [];
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
            return new CallRefusal(status, challenges, null, null);
        FailureInfo? failure = FindFailure(body) ?? FindFailure(challenges);
        return new CallRefusal(status, challenges, failure?.Name, failure is null ? MeaningOf(status, challenges) : $"{failure.Cause} {failure.Fix} See {failure.Documentation}.");
    }

    // The problem document of a Holdfast server names the failure.
    private static FailureInfo? FindFailure(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject problem && problem["failure"] is JsonValue value && value.TryGetValue(out string? name)
                ? FailureCatalog.All.FirstOrDefault(row => string.Equals(row.Name, name, StringComparison.Ordinal))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A Holdfast server describes each failure in the words of the one table; other servers have their own.
    private static FailureInfo? FindFailure(string[] challenges)
    {
        string? description = challenges.Select(challenge => DescriptionIn().Match(challenge)).FirstOrDefault(match => match.Success)?.Groups["text"].Value;
        FailureInfo[] rows = [.. FailureCatalog.All.Where(row => string.Equals(row.Description, description, StringComparison.Ordinal))];
        return rows is [var only] ? only : null;
    }

    private static string? MeaningOf(int status, string[] challenges)
    {
        string? error = challenges.Select(challenge => ErrorIn().Match(challenge)).FirstOrDefault(match => match.Success)?.Groups["error"].Value;
        return error switch
        {
            "insufficient_scope" => "The token is genuine and yours, but its scope does not permit this request; ask for more with --scope.",
            "invalid_token" => "The server does not accept the token: expired, meant for another resource, of another issuer, or bound to another key or certificate.",
            "invalid_dpop_proof" => "The server does not accept the proof: another URL or method than it sees itself under, a wrong clock, or a replay.",
            "use_dpop_nonce" => "The server asked for a nonce again although it was given its newest.",
            "invalid_request" => "The server cannot read the credentials.",
            _ when status == 401 => "The server does not accept these credentials.",
            _ when status == 403 => "The server does not permit this request.",
            _ => null,
        };
    }

    [GeneratedRegex("error_description=\"(?<text>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex DescriptionIn();

    [GeneratedRegex("error=\"(?<error>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ErrorIn();
}
