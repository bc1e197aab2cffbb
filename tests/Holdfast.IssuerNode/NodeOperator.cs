using Holdfast.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Holdfast.IssuerNode;

/// <summary>What an operator does at this node: writes to its registry, as the admin API does.</summary>
internal static class NodeOperator
{
    private static readonly RegistryActor Actor = new("local:test");

    public static void MapOperator(this IEndpointRouteBuilder endpoints)
    {
        MapKeys(endpoints);
        endpoints.MapPut("/operator/clients/{id}", async (string id, HttpRequest request, IRegistryStore store, CancellationToken cancellationToken) =>
        {
            using var body = new StreamReader(request.Body);
            return await WriteAsync(store, id, await body.ReadToEndAsync(cancellationToken), "client.set", cancellationToken);
        });
        endpoints.MapPost("/operator/clients/{id}/{state}", async (string id, ClientState state, IRegistryStore store, CancellationToken cancellationToken) =>
        {
            RegistryEntry entry = (await FindAsync(store, id, cancellationToken))!;
            Client client = RegistryJson.ReadClient(entry.Document!) with { State = state };
            return await WriteAsync(store, id, RegistryJson.Write(client), "client.set_state", cancellationToken);
        });
    }

    private static void MapKeys(IEndpointRouteBuilder endpoints) =>
        endpoints.MapPost("/operator/keys/{kid}/end", async (string kid, IIssuerKeyAdmin keys, CancellationToken cancellationToken) =>
            (await keys.RetireAsync(kid, immediately: true, Actor, cancellationToken)).Answer == IssuerKeyAnswer.Done ? Results.NoContent() : Results.Conflict());

    private static async Task<IResult> WriteAsync(IRegistryStore store, string id, string document, string action, CancellationToken cancellationToken)
    {
        RegistryEntry? known = await FindAsync(store, id, cancellationToken);
        RegistryAnswer answer = await store.WriteAsync(
            [new() { Kind = RegistryKind.Client, Id = id, Document = document, Replaces = known?.Revision ?? 0, Action = action }], Actor, cancellationToken);
        return answer == RegistryAnswer.Written ? Results.NoContent() : Results.Conflict();
    }

    private static async Task<RegistryEntry?> FindAsync(IRegistryStore store, string id, CancellationToken cancellationToken) =>
        (await store.ReadSinceAsync(RegistryPosition.Start, cancellationToken)).Entries.SingleOrDefault(entry => entry.Kind == RegistryKind.Client && entry.Id == id);
}
