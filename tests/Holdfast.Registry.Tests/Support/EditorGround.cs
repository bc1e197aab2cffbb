using Holdfast.Testing;

namespace Holdfast.Registry.Tests;

/// <summary>A registry with one resource, and an administrator who changes it.</summary>
public sealed class EditorGround : IRegistryRules
{
    public const string Orders = "https://orders.example";
    public static readonly RegistryActor Actor = new("admin", "thumbprint", "192.0.2.1");

    public EditorGround()
    {
        Store = new MemoryRegistryStore(Clock);
        Editor = new RegistryEditor(Store, this, new Pbkdf2ClientSecretHasher());
    }

    public ManualTimeProvider Clock { get; } = new();
    public MemoryRegistryStore Store { get; }
    public RegistryEditor Editor { get; }

    public static Client Client(string id = "orders") => new()
    {
        ClientId = id, Jwks = """{"keys":[{"kty":"EC"}]}""", Scopes = ["orders.read"], Resources = [Orders], Owners = new() { Identity = new("Payments", "payments@example.com") },
    };

    public static async Task<EditorGround> StartAsync()
    {
        var ground = new EditorGround();
        (await ground.Editor.PutResourceAsync(new Resource { Identifier = Orders, Scopes = ["orders.read"] }, EditCondition.MustBeNew, Actor, default)).Outcome.ShouldBe(EditOutcome.Done);
        return ground;
    }

    public async Task<Client?> ReadAsync(string id = "orders") => (await Editor.ReadAsync(default)).FindClient(id)?.Client;

    public async Task AddAsync(Client? client = null) =>
        (await Editor.PutClientAsync(client ?? Client(), EditCondition.MustBeNew, Actor, default)).Outcome.ShouldBe(EditOutcome.Done);

    public Task<EditResult> ApplyAsync(string json, bool prune = false, bool dryRun = false)
    {
        List<string> problems = [];
        DesiredRegistry? desired = RegistryDocuments.ReadDesired(System.Text.Json.JsonDocument.Parse(json).RootElement, problems);
        problems.ShouldBeEmpty();
        return Editor.ApplyAsync(desired!, prune, dryRun, Actor, default).AsTask();
    }

    // As the issuer composes them: what holds for every client, and that it names resources that there are.
    public IReadOnlyList<string> Check(Client client, bool hasSecret, IReadOnlyList<Resource> resources) =>
    [
        .. ClientRules.Check(client, allowsSecrets: true),
        .. client.Resources.Where(name => resources.All(resource => resource.Identifier != name)).Select(name => $"resources: '{name}' is not registered."),
    ];

    public IReadOnlyList<string> Check(Resource resource, IReadOnlyList<Resource> others) => ResourceRules.Check(resource, others);
}
