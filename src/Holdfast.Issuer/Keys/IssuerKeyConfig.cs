namespace Holdfast.Issuer;

/// <summary>What the life of the signing keys runs by: immutable, made once from validated options.</summary>
internal sealed record IssuerKeyConfig
{
    private static readonly TimeSpan ShortestRotation = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestRotation = TimeSpan.FromDays(90);
    private static readonly TimeSpan ShortestPublication = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long a key stays published after its last signature (LIFE-03): the longest life that tokens can be given by settings, so that a life that was
    /// shortened meanwhile, or differs at another node, cuts nothing off; and as much as clocks may differ, and a request in flight may take.
    /// </summary>
    public static readonly TimeSpan Retiring = IssuerConfigBuilder.LongestToken + TimeSpan.FromMinutes(5);

    public required string Algorithm { get; init; }
    public required TimeSpan RotationInterval { get; init; }
    public required TimeSpan StagingPeriod { get; init; }
    public required TimeSpan PublishBeforeUse { get; init; }
    public required string KeyRingDirectory { get; init; }
    public required IReadOnlyList<string> KeyRingCertificateFiles { get; init; }
    public required IReadOnlyList<ExternalKey> External { get; init; }
    public required bool DangerouslyReplaceLostKeys { get; init; }

    /// <summary>The configuration, worth something where nothing was added to <paramref name="problems"/>.</summary>
    public static IssuerKeyConfig Build(HoldfastIssuerOptions issuer, List<string> problems)
    {
        IssuerKeyOptions options = issuer.Keys;
        CheckAlgorithm("Keys:Algorithm", options.Algorithm, problems);
        // LIFE-16: days to 90 days.
        if (options.RotationInterval < ShortestRotation || options.RotationInterval > LongestRotation)
            problems.Add($"Keys:RotationInterval: {options.RotationInterval} is outside 1 to 90 days.");
        // LIFE-04: verifiers keep the keys for the 5 minutes that they are told, and some for longer.
        if (options.PublishBeforeUse < ShortestPublication || options.PublishBeforeUse > options.StagingPeriod)
            problems.Add($"Keys:PublishBeforeUse: {options.PublishBeforeUse} is outside 10 minutes to Keys:StagingPeriod ({options.StagingPeriod}).");
        if (options.StagingPeriod > options.RotationInterval / 2)
            problems.Add($"Keys:StagingPeriod: {options.StagingPeriod} is more than half of Keys:RotationInterval ({options.RotationInterval}).");
        return new()
        {
            Algorithm = options.Algorithm,
            RotationInterval = options.RotationInterval,
            StagingPeriod = options.StagingPeriod,
            PublishBeforeUse = options.PublishBeforeUse,
            KeyRingDirectory = string.IsNullOrWhiteSpace(options.KeyRingDirectory) ? Path.Combine(issuer.DataDirectory, "key-ring") : options.KeyRingDirectory,
            KeyRingCertificateFiles = [.. options.KeyRingCertificateFiles],
            External = ReadExternal(options.External, problems),
            DangerouslyReplaceLostKeys = options.DangerouslyReplaceLostKeys,
        };
    }

    private static List<ExternalKey> ReadExternal(IList<ExternalIssuerKeyOptions> options, List<string> problems)
    {
        var keys = new List<ExternalKey>();
        for (int i = 0; i < options.Count; i++)
        {
            string setting = FormattableString.Invariant($"Keys:External:{i}");
            CheckAlgorithm($"{setting}:Algorithm", options[i].Algorithm, problems);
            if (ExternalKeyLocation.TryParse(options[i].Location, out string problem) is not { } location)
                problems.Add($"{setting}:Location: {problem}");
            else if (keys.Any(key => key.Location == location))
                problems.Add($"{setting}:Location: is there twice.");
            else
                keys.Add(new(options[i].Location, location, options[i].Algorithm));
        }
        return keys;
    }

    // AT-16, RFC 8725 §3.1.
    private static void CheckAlgorithm(string setting, string alg, List<string> problems)
    {
        if (!SigningAlgorithms.All.Contains(alg, StringComparer.Ordinal))
            problems.Add($"{setting}: '{alg}' is not one of {string.Join(", ", SigningAlgorithms.All)}.");
    }
}

/// <summary>A key that the settings name.</summary>
internal sealed record ExternalKey(string Text, ExternalKeyLocation Location, string Alg);
