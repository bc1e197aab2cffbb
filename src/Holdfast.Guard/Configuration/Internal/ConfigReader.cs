namespace Holdfast.Guard.Internal;

/// <summary>Reads the whole file. Every part reports all its problems; the result is only used where there are none.</summary>
internal sealed class ConfigReader(string folder, Func<string, string?> environment)
{
    public GuardConfig Read(YamlMap root)
    {
        string name = root.RequiredText("name", "it is the iss of every context, best the URL where upstreams reach this guard");
        string dataDirectory = root.RequiredText("data_directory", "name a directory for the keys of this guard");
        var listeners = new ListenerReader(folder, environment);
        IReadOnlyList<GuardListener> heard = [.. Required(root, "listeners", "name at least one address for the proxy").Select(listeners.Read)];
        IReadOnlyList<GuardIssuer> issuers = ReadIssuers(root);
        IReadOnlyList<GuardResource> resources = ReadResources(root, issuers);
        var routes = new RouteReader(resources);
        GuardReplay? replay = root.Map("replay") is { } shared ? new ReplayReader(folder, environment).Read(shared) : null;
        bool isSingle = root.Flag("single_instance");
        int replicas = root.Number("replicas", 1, 10_000) ?? 1;
        NonceMode nonces = root.Choice("nonces", ("always", NonceMode.Always), ("on-demand", NonceMode.OnDemand), ("off", NonceMode.Off))
            ?? (isSingle || replay is not null ? NonceMode.OnDemand : NonceMode.Always);
        if (isSingle && replicas > 1)
            root.Problem("replicas", $"{replicas} guards are no single instance; take single_instance back, or replicas.");
        if (replay is not null && nonces == NonceMode.Off)
            root.Problem("nonces", "off does not go with shared records: what a lost database had accepted could only be told by time; set on-demand, which asks for a nonce only then.");
        var config = new GuardConfig
        {
            Name = name,
            DataDirectory = Path.GetFullPath(dataDirectory, folder),
            Listeners = heard,
            Issuers = issuers,
            Resources = resources,
            Routes = [.. Required(root, "routes", "what is not declared is refused").Select(routes.Read)],
            SingleInstance = isSingle,
            NonceMode = nonces,
            Replicas = replicas,
            Replay = replay,
            // DPOP-V-29, RFC 9449 §11.1: each of several guards that remember proofs for themselves would accept a proof once, unless it carries a nonce of theirs alone.
            UnsharedProblem = replicas > 1 && nonces != NonceMode.Always
                ? root.At("replicas", $"{replicas} guards that keep proofs in memory would each accept the same proof; share the records with replay.postgresql, or set nonces to always.") : null,
            ReplayCapacity = root.Number("replay_capacity", 1, int.MaxValue) ?? GuardConfig.DefaultReplayCapacity,
            ReplayQuotaPerKey = root.Number("replay_quota_per_key", 1, int.MaxValue),
            MaxConcurrentVerifications = root.Number("max_concurrent_verifications", 1, int.MaxValue) ?? GuardConfig.DefaultGate.MaxConcurrentVerifications,
            MaxBacklogPerProcessor = root.Number("max_backlog_per_processor", 0, int.MaxValue) switch
            {
                null => GuardConfig.DefaultGate.MaxBacklogPerProcessor,
                0 => null,
                { } bound => bound,
            },
            DecisionTimeout = root.Time("decision_timeout", GuardConfig.DefaultDecisionTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)),
            ContextKeyLifetime = root.Time("context_key_lifetime", GuardConfig.DefaultContextKeyLifetime, TimeSpan.FromHours(1), TimeSpan.FromDays(365)),
        };
        if (replay is not null && replay.Deadline > config.DecisionTimeout)
            root.Problem("replay", $"postgresql.deadline is longer than decision_timeout, {YamlMap.InWords(config.DecisionTimeout)}; a decision would be given up before the database is.");
        RefuseRepeated(root, "listeners", heard.Select(listener => listener.Address));
        RefuseSharedPorts(root, heard);
        routes.RefuseOverlaps();
        root.Close();
        return config;
    }

    private static List<GuardIssuer> ReadIssuers(YamlMap root)
    {
        List<GuardIssuer> issuers = [.. Required(root, "issuers", "name the authorization servers whose tokens are taken").Select(IssuerReader.Read)];
        RefuseRepeated(root, "issuers", issuers.Select(issuer => issuer.Issuer));
        return issuers;
    }

    private static List<GuardResource> ReadResources(YamlMap root, IReadOnlyList<GuardIssuer> issuers)
    {
        List<GuardResource> resources = [.. Required(root, "resources", "say what is demanded of tokens").Select(map => ResourceReader.Read(map, issuers))];
        RefuseRepeated(root, "resources", resources.Select(resource => resource.Name));
        return resources;
    }

    private static IReadOnlyList<YamlMap> Required(YamlMap root, string member, string meaning)
    {
        IReadOnlyList<YamlMap> items = root.Maps(member);
        if (!root.Has(member))
            root.Problem(member, $"missing; {meaning}.");
        else if (root.IsEmptyList(member))
            root.Problem(member, $"empty; {meaning}.");
        return items;
    }

    // A certificate format is declared for a port: on another address with the same one it would be meant as well.
    private static void RefuseSharedPorts(YamlMap root, IReadOnlyList<GuardListener> listeners)
    {
        foreach (int port in listeners.Where(listener => listener.ForwardedCertificate?.Port > 0).Select(listener => listener.ForwardedCertificate!.Port!.Value).Distinct())
        {
            if (listeners.Count(listener => listener.EndPoint is System.Net.IPEndPoint ip && ip.Port == port) > 1)
                root.Problem("listeners", $"port {port.ToString(System.Globalization.CultureInfo.InvariantCulture)} is listened on twice, and with client certificates it must be one listener's.");
        }
    }

    private static void RefuseRepeated(YamlMap root, string member, IEnumerable<string> names)
    {
        foreach (string name in names.Where(name => name.Length > 0).GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
            root.Problem(member, $"'{name}' is there twice.");
    }
}
