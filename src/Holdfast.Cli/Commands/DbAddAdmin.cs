using System.CommandLine;
using Holdfast.Cli.Database;
using Holdfast.Cli.Output;
using Holdfast.Control;
using Holdfast.Issuer;
using Holdfast.Registry;
using Holdfast.Storage;
using RegisteredClient = Holdfast.Registry.Client;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast db add-admin</c>: how the first administrator gets in, which nobody who is not at the database can let him.</summary>
internal static class DbAddAdmin
{
    private const int MaxJwks = 64 * 1024;
    private static readonly string[] AdminScopes = [HoldfastControlDefaults.AdminScope, HoldfastControlDefaults.ReadScope];

    public static Command Create(CliConsole console)
    {
        var target = new DatabaseTarget();
        var clientId = new Option<string>("--client-id") { Description = "What it is called.", HelpName = "ID", Required = true }.NotEmpty();
        var jwks = new Option<string>("--jwks") { Description = "Its public keys: a JWK set, or one JWK.", HelpName = "FILE", Required = true }.NotEmpty();
        var issuer = new Option<string>("--issuer") { Description = "The issuer's URL; the admin API is below it.", HelpName = "URL", Required = true }.NotEmpty();
        var command = new Command("add-admin", "Registers a client that may use the admin API, with the key it authenticates by. Recorded as done by you, at the database.") { clientId, jwks, issuer };
        target.AddTo(command);
        command.SetAction((parsed, cancellationToken) =>
        {
            RegisteredClient client = Build(parsed.GetRequiredValue(clientId), ReadKeys(console, parsed.GetRequiredValue(jwks)), ResourceOf(parsed.GetRequiredValue(issuer)));
            return DbCommand.RunAsync(target, parsed, console, operations => RunAsync(operations, client, console, target.IsJson(parsed), cancellationToken));
        });
        return command.WithExamples(
            ("holdfast db add-admin --client-id admin --jwks admin.jwks --issuer https://id.example.com --data /var/lib/holdfast", "SQLite in a data directory"),
            ("holdfast db add-admin --client-id admin --jwks admin.jwks --issuer https://id.example.com --postgres 'Host=db.example.com;Database=holdfast;Username=holdfast'", "PostgreSQL"));
    }

    private static async Task<int> RunAsync(DatabaseOperations operations, RegisteredClient client, CliConsole console, bool isJson, CancellationToken cancellationToken)
    {
        DatabaseStatus status = await operations.ReadStatusAsync(cancellationToken);
        if (status.Schema.Refusal is not null || status.Schema.Pending.Count > 0)
            throw new CliException($"{StorageStartup.Capitalized(operations.Name)} is not of this program's schema; run: holdfast db migrate.");
        for (int attempt = 0; attempt < 5; attempt++)
        {
            RegistryChanges registry = await operations.Registry.ReadSinceAsync(RegistryPosition.Start, cancellationToken);
            if (registry.Entries.Any(entry => entry.Kind == RegistryKind.Client && entry.Id == client.ClientId))
                return await RefuseAsync(console, $"The client '{client.ClientId}' exists; name another one, or change it by the admin API.");
            RegistryWrite[] writes = [.. WriteResource(registry, client.Resources[0]), new()
            {
                Kind = RegistryKind.Client, Id = client.ClientId, Document = RegistryJson.Write(client), Replaces = 0, Action = "client.add",
            }];
            if (await operations.Registry.WriteAsync(writes, new($"local:{Environment.UserName}"), cancellationToken) == RegistryAnswer.Written)
            {
                await DbCommand.PrintAsync(console, isJson, new() { Database = operations.Name, Action = "add-admin", ClientId = client.ClientId, Resource = client.Resources[0] },
                    $"Registered the client '{client.ClientId}' for {client.Resources[0]}, with the scopes {string.Join(" and ", AdminScopes)}.");
                return ExitCodes.Ok;
            }
        }
        // Not there, and yet not free: an identifier is never given twice. Or others write all the time.
        return await RefuseAsync(console, $"The client '{client.ClientId}' cannot be registered: its name was a removed client's, or others change the registry at the same time. Name another one, or try again.");
    }

    private static async Task<int> RefuseAsync(CliConsole console, string why)
    {
        await console.Error.WriteLineAsync($"holdfast: {why}");
        return ExitCodes.Failed;
    }

    // Where it is registered already it is only given what it lacks.
    private static IEnumerable<RegistryWrite> WriteResource(RegistryChanges registry, string identifier)
    {
        RegistryEntry? entry = registry.Entries.FirstOrDefault(entry => entry.Kind == RegistryKind.Resource && entry.Id == identifier);
        Resource resource = entry?.Document is { } document ? RegistryJson.ReadResource(document) : new() { Identifier = identifier, Name = "Holdfast admin API" };
        if (AdminScopes.All(scope => resource.Scopes.Contains(scope, StringComparer.Ordinal)))
            yield break;
        resource = resource with { Scopes = [.. resource.Scopes.Union(AdminScopes, StringComparer.Ordinal)] };
        Resource[] others = [.. registry.Entries.Where(other => other.Kind == RegistryKind.Resource && other.Id != identifier).Select(other => RegistryJson.ReadResource(other.Document!))];
        if (ResourceRules.Check(resource, others) is { Count: > 0 } problems)
            throw new CliException(problems);
        yield return new() { Kind = RegistryKind.Resource, Id = identifier, Document = RegistryJson.Write(resource), Replaces = entry?.Revision ?? 0, Action = entry is null ? "resource.add" : "resource.set" };
    }

    private static RegisteredClient Build(string clientId, string jwks, string resource)
    {
        var client = new RegisteredClient { ClientId = clientId, Name = "Holdfast administrator", Jwks = jwks, Scopes = AdminScopes, Resources = [resource] };
        List<string> problems = [.. ClientRules.Check(client, allowsSecrets: false)];
        // Judged as the issuer will: a key that it cannot use lets nobody in.
        _ = RegisteredKeys.Read("client", "jwks", client, DPoPAlgorithms.Implemented, allowInternal: false, problems);
        return problems.Count > 0 ? throw new CliException(problems) : client;
    }

    private static string ResourceOf(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http" && url.Query.Length == 0 && url.Fragment.Length == 0
            ? $"{issuer.TrimEnd('/')}/admin" : throw new CliException($"--issuer: '{issuer}' is not the URL of an issuer, such as https://id.example.com.");

    private static string ReadKeys(CliConsole console, string file)
    {
        string path = console.FullPath(file);
        try
        {
            if (new FileInfo(path).Length > MaxJwks)
                throw new CliException($"'{file}' is larger than {MaxJwks} octets; a JWK set of public keys is not.");
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{file}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }
}
