namespace Holdfast.Registry;

/// <summary>
/// Changes the registry: reads it, decides, and writes on condition that what it decided by is still so; otherwise it decides again. Every rule is applied here,
/// whoever asks. Faults of the database are <see cref="StateUnavailableException"/>.
/// </summary>
public sealed class RegistryEditor(IRegistryStore store, IRegistryRules rules, IClientSecretHasher hasher)
{
    // Operators are few: whoever loses this often is in a crowd that a retry makes larger.
    private const int MaxAttempts = 5;

    private readonly ClientEdits _clients = new(rules);
    private readonly ResourceEdits _resources = new(rules);
    private RegistrySnapshot _snapshot = RegistrySnapshot.Empty;

    /// <summary>The registry as it is now.</summary>
    public async ValueTask<RegistrySnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        RegistrySnapshot known = Volatile.Read(ref _snapshot);
        RegistrySnapshot now = known.With(await store.ReadSinceAsync(known.Position, cancellationToken));
        // Of two readers the later one may be the older; the next read mends that.
        Volatile.Write(ref _snapshot, now);
        return now;
    }

    /// <summary>Registers a client, or replaces its registration. Where its method needs a secret and there is none, one is made and returned.</summary>
    public ValueTask<EditResult> PutClientAsync(Client client, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        Func<(string, byte[])> secret = NewSecret();
        return EditAsync(snapshot => _clients.Put(snapshot, client, condition, secret), actor, cancellationToken);
    }

    /// <summary>Refuses a client from now on; its grants stay.</summary>
    public ValueTask<EditResult> DisableClientAsync(string clientId, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken) =>
        EditAsync(snapshot => ClientEdits.SetState(snapshot, clientId, ClientState.Disabled, condition, actor), actor, cancellationToken);

    /// <summary>Lets a disabled client in again.</summary>
    public ValueTask<EditResult> EnableClientAsync(string clientId, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken) =>
        EditAsync(snapshot => ClientEdits.SetState(snapshot, clientId, ClientState.Active, condition, actor), actor, cancellationToken);

    /// <summary>Ends a client for good: its keys and secret are dropped, and every token and grant it has is revoked, in one write.</summary>
    public ValueTask<EditResult> OffboardClientAsync(string clientId, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken) =>
        EditAsync(snapshot => ClientEdits.SetState(snapshot, clientId, ClientState.Offboarded, condition, actor), actor, cancellationToken);

    /// <summary>Removes what is left of an offboarded client. Its identifier stays taken.</summary>
    public ValueTask<EditResult> RemoveClientAsync(string clientId, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken) =>
        EditAsync(snapshot => ClientEdits.Remove(snapshot, clientId, condition), actor, cancellationToken);

    /// <summary>Gives a client another secret, and returns it. The old one ends at once.</summary>
    public ValueTask<EditResult> RotateSecretAsync(string clientId, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken)
    {
        Func<(string, byte[])> secret = NewSecret();
        return EditAsync(snapshot => ClientEdits.RotateSecret(snapshot, clientId, condition, secret), actor, cancellationToken);
    }

    /// <summary>Registers a resource, or replaces its registration.</summary>
    public ValueTask<EditResult> PutResourceAsync(Resource resource, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return EditAsync(snapshot => _resources.Put(snapshot, resource, condition), actor, cancellationToken);
    }

    /// <summary>Removes a resource that no client uses.</summary>
    public ValueTask<EditResult> RemoveResourceAsync(string identifier, EditCondition condition, RegistryActor actor, CancellationToken cancellationToken) =>
        EditAsync(snapshot => ResourceEdits.Remove(snapshot, identifier, condition), actor, cancellationToken);

    /// <summary>Makes the registry what is desired, all of it or nothing.</summary>
    /// <param name="desired">What is wanted.</param>
    /// <param name="prune">True: clients that it does not name are offboarded, and resources removed. False: they are left alone.</param>
    /// <param name="dryRun">True: only says what would change.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public ValueTask<EditResult> ApplyAsync(DesiredRegistry desired, bool prune, bool dryRun, RegistryActor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(desired);
        return EditAsync(snapshot => new ApplyEdit(rules, _resources).Decide(snapshot, desired, prune, actor), actor, cancellationToken, dryRun);
    }

    private async ValueTask<EditResult> EditAsync(Func<RegistrySnapshot, Decision> decide, RegistryActor actor, CancellationToken cancellationToken, bool dryRun = false)
    {
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            Decision decision = decide(await ReadAsync(cancellationToken));
            if (decision.Answer is { } answer)
                return answer;
            var done = new EditResult { Outcome = EditOutcome.Done, Changes = decision.Changes, Secret = decision.Secret };
            if (dryRun || await store.WriteAsync(decision.Writes, actor, cancellationToken) == RegistryAnswer.Written)
                return done;
        }
        return EditResult.Conflict("Others keep changing the same entries; try again.");
    }

    // Made once, however often the decision is: hashing is slow on purpose.
    private Func<(string Secret, byte[] Hash)> NewSecret()
    {
        var made = new Lazy<(string, byte[])>(() =>
        {
            string secret = ClientSecret.Create();
            return (secret, hasher.Hash(secret));
        });
        return () => made.Value;
    }
}
