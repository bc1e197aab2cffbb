using System.Globalization;

namespace Holdfast.Guard.Internal;

/// <summary>Reads an entry of <c>resources</c>.</summary>
internal static class ResourceReader
{
    public static GuardResource Read(YamlMap map, IReadOnlyList<GuardIssuer> issuers)
    {
        string issuer = map.RequiredText("issuer", "name one of the issuers");
        if (issuer.Length > 0 && !issuers.Any(known => string.Equals(known.Issuer, issuer, StringComparison.Ordinal)))
            map.Problem("issuer", $"'{issuer}' is not among issuers, character for character.");
        var resource = new GuardResource
        {
            Config = new ResourceConfig
            {
                Name = map.RequiredText("name", "a short name for routes, logs and meters"),
                Issuer = issuer,
                Audience = map.RequiredText("audience", "set it to the audience that tokens for this API name"),
                Mode = ReadMode(map) ?? SenderConstraintMode.Require,
                Exemptions = [.. map.Maps("exemptions").Select(ReadExemption)],
            },
            ProofAlgorithms = Algorithms.Read(map, "proof_algorithms", DPoPAlgorithms.Default, DPoPAlgorithms.Implemented),
        };
        map.Close();
        return resource;
    }

    public static SenderConstraintMode? ReadMode(YamlMap map) =>
        map.Choice("mode", ("require", SenderConstraintMode.Require), ("observe", SenderConstraintMode.Observe));

    private static SenderConstraintExemption ReadExemption(YamlMap map)
    {
        string until = map.RequiredText("until", "the day or instant from which it no longer applies");
        if (!DateTimeOffset.TryParse(until, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset end) && until.Length > 0)
            map.Problem("until", $"'{until}' is not a time such as 2026-12-31 or 2026-12-31T18:00:00Z.");
        var exemption = new SenderConstraintExemption(map.RequiredText("name", "why it exists"), map.RequiredText("client_id", "whom it is for"), end);
        map.Close();
        return exemption;
    }
}
