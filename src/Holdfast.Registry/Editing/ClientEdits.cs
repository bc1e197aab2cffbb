namespace Holdfast.Registry;

/// <summary>What an edit of one client means. Pure: the same snapshot, the same decision.</summary>
internal sealed class ClientEdits(IRegistryRules rules)
{
    public Decision Put(RegistrySnapshot snapshot, Client client, EditCondition condition, Func<(string Secret, byte[] Hash)> newSecret)
    {
        RegisteredClient? known = snapshot.FindClient(client.ClientId);
        if (Unmet(snapshot, client.ClientId, known, condition) is { } unmet)
            return unmet;
        if (known is null && client.State == ClientState.Offboarded)
            return EditResult.Invalid("state: nothing begins as offboarded.");
        if (known is { Client.State: ClientState.Offboarded })
            return Ended(client.ClientId);
        if (known is not null && known.Client.State != client.State)
            return EditResult.Invalid($"state: is {Word(known.Client.State)}, and an edit leaves it so; disable, enable and offboard are changes of their own.");
        bool usesSecret = ClientRules.UsesSecret(client);
        bool isNewSecret = usesSecret && known is not { HasSecret: true };
        IReadOnlyList<string> problems = rules.Check(client, usesSecret, ResourcesOf(snapshot));
        if (problems.Count > 0)
            return EditResult.Invalid(problems);
        (string Secret, byte[] Hash)? made = isNewSecret ? newSecret() : null;
        RegistryWrite write = Write(client, known, known is null ? "client.add" : "client.set") with
        {
            // A secret that the method has no use for must not wait for a day on which it has.
            Secret = made?.Hash ?? (!usesSecret && known is { HasSecret: true } ? [] : null),
        };
        return write.Secret is null && IsSame(known, write)
            ? new EditResult { Outcome = EditOutcome.Unchanged }
            : Decision.Of(write, known?.Entry.Document) with { Secret = made?.Secret };
    }

    public static Decision SetState(RegistrySnapshot snapshot, string clientId, ClientState state, EditCondition condition, RegistryActor actor)
    {
        RegisteredClient? known = snapshot.FindClient(clientId);
        if (known is null)
            return EditResult.NotFound;
        if (Unmet(snapshot, clientId, known, condition) is { } unmet)
            return unmet;
        if (known.Client.State == ClientState.Offboarded)
            return state == ClientState.Offboarded ? new EditResult { Outcome = EditOutcome.Unchanged } : Ended(clientId);
        if (known.Client.State == state)
            return new EditResult { Outcome = EditOutcome.Unchanged };
        if (state != ClientState.Active && IsItself(clientId, actor))
            return Itself(clientId);
        return state switch
        {
            ClientState.Offboarded => Decision.Of(Offboard(known), known.Entry.Document),
            ClientState.Active => Decision.Of(Write(known.Client with { State = state }, known, "client.enable"), known.Entry.Document),
            ClientState.Disabled => Decision.Of(Write(known.Client with { State = state }, known, "client.disable"), known.Entry.Document),
        };
    }

    // LIFE-MAP-01: with a client ends everything that could stand for it: keys, names in certificates, secret, and every token and grant it has.
    public static RegistryWrite Offboard(RegisteredClient known) => Write(known.Client with
    {
        State = ClientState.Offboarded,
        Jwks = null,
        JwksUri = null,
        TlsClientAuthSubjectDn = null,
        TlsClientAuthSanDns = null,
        TlsClientAuthSanUri = null,
        TlsClientAuthSanIp = null,
        TlsClientAuthSanEmail = null,
    }, known, "client.offboard") with
    {
        Secret = [],
        Revocations = [new Revocation(RevocationKind.Client, known.Client.ClientId, Until: null, "offboarded")],
    };

    public static Decision Remove(RegistrySnapshot snapshot, string clientId, EditCondition condition)
    {
        RegisteredClient? known = snapshot.FindClient(clientId);
        if (known is null)
            return EditResult.NotFound;
        if (Unmet(snapshot, clientId, known, condition) is { } unmet)
            return unmet;
        if (known.Client.State != ClientState.Offboarded)
            return EditResult.Invalid($"Client '{clientId}' is {Word(known.Client.State)}; offboard it first, which ends its tokens.");
        return Decision.Of(new RegistryWrite
        {
            Kind = RegistryKind.Client, Id = clientId, Document = null, Secret = [], Replaces = known.Entry.Revision, Action = "client.remove",
        }, known.Entry.Document);
    }

    public static Decision RotateSecret(RegistrySnapshot snapshot, string clientId, EditCondition condition, Func<(string Secret, byte[] Hash)> newSecret)
    {
        RegisteredClient? known = snapshot.FindClient(clientId);
        if (known is null)
            return EditResult.NotFound;
        if (Unmet(snapshot, clientId, known, condition) is { } unmet)
            return unmet;
        if (known.Client.State == ClientState.Offboarded)
            return Ended(clientId);
        if (!ClientRules.UsesSecret(known.Client))
            return EditResult.Invalid($"Client '{clientId}' authenticates by {known.Client.AuthenticationMethod} and has no secret.");
        (string secret, byte[] hash) = newSecret();
        return Decision.Of(Write(known.Client, known, "client.secret") with { Secret = hash }, known.Entry.Document) with { Secret = secret };
    }

    public static RegistryWrite Write(Client client, RegisteredClient? known, string action) => new()
    {
        Kind = RegistryKind.Client,
        Id = client.ClientId,
        Document = RegistryJson.Write(client),
        Replaces = known?.Entry.Revision ?? 0,
        Action = action,
    };

    public static bool IsSame(RegisteredClient? known, RegistryWrite write) =>
        known is not null && EntryChange.Between(write.Kind, write.Id, write.Action, known.Entry.Document, write.Document).Members.Count == 0;

    /// <summary>True where a client would lock itself out.</summary>
    public static bool IsItself(string clientId, RegistryActor actor) => string.Equals(clientId, actor.Name, StringComparison.Ordinal);

    public static EditResult Itself(string clientId) => EditResult.Invalid($"Client '{clientId}' asks for its own end; have another administrator do it, so that one is left.");

    public static EditResult Ended(string clientId) => EditResult.Invalid($"Client '{clientId}' was offboarded for good; register what takes its place under another client_id.");

    /// <summary>The answer where a new client may not have this identifier.</summary>
    public static EditResult? Taken(RegistrySnapshot snapshot, string clientId) => snapshot.Find(RegistryKind.Client, clientId) is { Document: null }
        ? EditResult.Conflict($"client_id: '{clientId}' was that of a client that has been removed, and is not used again.")
        : null;

    public static IReadOnlyList<Resource> ResourcesOf(RegistrySnapshot snapshot) => [.. snapshot.Resources.Select(resource => resource.Resource)];

    public static string Word(ClientState state) => state switch
    {
        ClientState.Active => "active",
        ClientState.Disabled => "disabled",
        ClientState.Offboarded => "offboarded",
    };

    private static EditResult? Unmet(RegistrySnapshot snapshot, string clientId, RegisteredClient? known, EditCondition condition)
    {
        if (known is null)
            return Taken(snapshot, clientId) ?? (condition.Revision is null ? null : EditResult.NotFound);
        return Conditions.Unmet($"Client '{clientId}'", known.Entry, condition);
    }
}
