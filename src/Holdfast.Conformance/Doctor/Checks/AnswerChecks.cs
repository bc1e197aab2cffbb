using System.Globalization;

namespace Holdfast.Conformance;

/// <summary>What can be told without credentials.</summary>
internal static class AnswerChecks
{
    // What verifiers commonly allow: a minute back, ten seconds ahead.
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(5);

    public static DoctorCheck Protected { get; } = new("protected", "is a stranger refused, and told how to prove possession", (patient, _) =>
    {
        var seen = DoctorCheck.Describe(patient.Stranger);
        var schemes = patient.Stranger.Values("WWW-Authenticate").Select(value => value.Split(' ')[0]).ToArray();
        return Task.FromResult(patient.Stranger.Status switch
        {
            401 when schemes.Contains("DPoP", StringComparer.OrdinalIgnoreCase) => Protected!.Ok($"{seen}, {string.Join(" and ", schemes)}"),
            401 => Protected!.Warning($"{seen}, challenges: {(schemes.Length == 0 ? "none" : string.Join(", ", schemes))}",
                "Let the WWW-Authenticate field of the API reach the client; without it a client cannot learn what is wanted."),
            0 => Protected!.Problem(seen, "Check name, port, certificate authority and network."),
            >= 200 and < 300 => Protected!.Problem($"{seen} without credentials", "Name a URL that is protected; if this one should be, it is open."),
            _ => Protected!.Warning(seen, "Name a URL that the client may read; this answer says nothing of the API."),
        });
    })
    { WithoutAdmission = true };

    public static DoctorCheck Clock { get; } = new("clock", "how far apart are the clocks", (patient, _) =>
    {
        if (patient.Stranger.Values("Date").FirstOrDefault() is not { } text
            || !DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
            return Task.FromResult(Clock!.Skipped("the answer has no Date"));
        var ahead = date - patient.Now;
        var seen = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(ahead.TotalSeconds):0} s {(ahead < TimeSpan.Zero ? "behind" : "ahead of")} this machine");
        const string Fix = "Synchronise the clocks (NTP) of whichever is off; nonces forgive clocks where the API uses them.";
        return Task.FromResult(ahead > Ahead || ahead < -Behind ? Clock!.Problem(seen, Fix)
            : ahead.Duration() > Noticeable ? Clock!.Warning(seen, Fix)
            : Clock!.Ok(ahead.Duration() <= TimeSpan.FromSeconds(1) ? "within a second" : seen));
    })
    { WithoutAdmission = true };

    public static DoctorCheck Browser { get; } = new("browser", "may a browser application send proofs and read nonces", async (patient, cancellationToken) =>
    {
        if (patient.Target.BrowserOrigin is not { } origin)
            return Browser!.Skipped("no browser application was named (--browser-origin)");
        var preflight = await patient.RepeatAsync(patient.Plain() with { Method = "OPTIONS" } with
        {
            Fields = [new("Origin", origin), new("Access-Control-Request-Method", "GET"), new("Access-Control-Request-Headers", "authorization,dpop")],
        }, cancellationToken);
        var refusal = await patient.RepeatAsync(patient.Plain().With("Origin", origin), cancellationToken);
        string[] missing =
        [
            .. Lacks(preflight, "Access-Control-Allow-Origin", origin).Select(name => $"the preflight does not allow the origin {name}"),
            .. Lacks(preflight, "Access-Control-Allow-Headers", "authorization", "dpop").Select(name => $"the preflight does not allow {name}"),
            .. Lacks(refusal, "Access-Control-Allow-Origin", origin).Select(name => $"the 401 does not allow the origin {name}"),
            .. Lacks(refusal, "Access-Control-Expose-Headers", "dpop-nonce", "www-authenticate").Select(name => $"{name} is not exposed"),
        ];
        return missing.Length == 0 ? Browser!.Ok($"{origin} may") : Browser!.Problem(string.Join("; ", missing), ProxyFixes.Cors);
    })
    { WithoutAdmission = true };

    private static IEnumerable<string> Lacks(RawResponse response, string field, params string[] names)
    {
        string[] listed = [.. response.Values(field).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries))];
        return names.Where(name => !listed.Contains(name, StringComparer.OrdinalIgnoreCase)
            && !(listed.Contains("*") && !name.Equals("authorization", StringComparison.OrdinalIgnoreCase)));
    }
}
