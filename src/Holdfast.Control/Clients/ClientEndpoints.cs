using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.Control;

/// <summary>Clients.</summary>
internal sealed class ClientEndpoints(RegistryEditor editor, IRegistryStore store, TimeProvider time, ILogger<ClientEndpoints> logger)
{
    private const int MaxBody = 256 * 1024;
    private const string Id = "client_id";

    public async Task<ControlAnswer> ListAsync(ControlRequest request)
    {
        ControlQuery query = request.Query("state", "team", "dormant", "after", "limit");
        ClientState? state = query.Word("state", ("active", ClientState.Active), ("disabled", ClientState.Disabled), ("offboarded", ClientState.Offboarded));
        TimeSpan? dormant = query.Age("dormant");
        (string? team, string? after, int limit) = (query.Text("team"), query.Text("after"), query.Limit(standard: 100, most: 500));
        if (query.Refusal is { } refusal)
            return refusal;
        IEnumerable<ClientStanding> found = (await StandingsAsync(request.Aborted)).Where(standing => state is null || standing.Registered.Client.State == state);
        if (team is not null)
            found = found.Where(standing => IsOf(standing.Registered.Client.Owners, team));
        if (dormant is { } age)
            found = found.Where(standing => standing.IsDormantSince(time.GetUtcNow() - age));
        if (after is not null)
            found = found.Where(standing => string.CompareOrdinal(standing.Registered.Client.ClientId, after) > 0);
        ClientStanding[] page = [.. found.Take(limit + 1)];
        string? next = page.Length > limit ? page[limit - 1].Registered.Client.ClientId : null;
        return ControlAnswer.Of(new ClientsView([.. page.Take(limit).Select(ClientView.Of)], next), ControlJson.Default.ClientsView);
    }

    public async Task<ControlAnswer> ShowAsync(ControlRequest request)
    {
        ControlQuery query = request.Query(Id);
        string clientId = query.Required(Id);
        if (query.Refusal is { } refusal)
            return refusal;
        return await FindAsync(clientId, request.Aborted) is { } view
            ? ControlAnswer.Of(view, ControlJson.Default.ClientView, view.Revision)
            : ControlAnswer.Problem(StatusCodes.Status404NotFound, $"There is no client '{clientId}' in the registry.", []);
    }

    public async Task<ControlAnswer> PutAsync(ControlRequest request)
    {
        if (request.Query().Refusal is { } unknown)
            return unknown;
        if (request.TryReadCondition(isRequired: true, out EditCondition condition) is { } unread)
            return unread;
        (JsonDocument? document, ControlAnswer? refusal) = await request.ReadBodyAsync(MaxBody);
        if (refusal is not null)
            return refusal;
        using (document)
        {
            List<string> problems = [];
            return RegistryDocuments.ReadClient(document!.RootElement, problems) is { } client
                ? await AnswerAsync(request, client.ClientId, await editor.PutClientAsync(client, condition, request.Actor, request.Aborted))
                : ControlAnswer.Problem(StatusCodes.Status400BadRequest, "The body is not a client.", problems);
        }
    }

    public Task<ControlAnswer> DisableAsync(ControlRequest request) => EditAsync(request, editor.DisableClientAsync);

    public Task<ControlAnswer> EnableAsync(ControlRequest request) => EditAsync(request, editor.EnableClientAsync);

    public Task<ControlAnswer> OffboardAsync(ControlRequest request) => EditAsync(request, editor.OffboardClientAsync);

    public Task<ControlAnswer> RemoveAsync(ControlRequest request) => EditAsync(request, editor.RemoveClientAsync);

    public Task<ControlAnswer> RotateSecretAsync(ControlRequest request) => EditAsync(request, editor.RotateSecretAsync);

    private async Task<ControlAnswer> EditAsync(ControlRequest request, Func<string, EditCondition, RegistryActor, CancellationToken, ValueTask<EditResult>> edit)
    {
        ControlQuery query = request.Query(Id);
        string clientId = query.Required(Id);
        if (query.Refusal is { } refusal)
            return refusal;
        // Optional: what ends something in an emergency must not wait for a read.
        return request.TryReadCondition(isRequired: false, out EditCondition condition) is { } unread
            ? unread
            : await AnswerAsync(request, clientId, await edit(clientId, condition, request.Actor, request.Aborted));
    }

    private async Task<ControlAnswer> AnswerAsync(ControlRequest request, string clientId, EditResult result)
    {
        if (EditView.Refusal(result, $"client '{clientId}' in the registry") is { } refusal)
            return refusal;
        foreach (EntryChange change in result.Changes)
            ControlLog.LogChanged(logger, request.Actor.Name, request.Actor.Thumbprint, request.Actor.Address, change.Action, change.Id);
        ClientView? view = await FindAsync(clientId, request.Aborted);
        bool isNew = result.Changes is [{ Action: "client.add" }];
        return ControlAnswer.Of(EditView.Of(result) with { Client = view }, ControlJson.Default.EditView, view?.Revision,
            isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task<ClientView?> FindAsync(string clientId, CancellationToken cancellationToken) =>
        (await StandingsAsync(cancellationToken)).FirstOrDefault(standing => string.Equals(standing.Registered.Client.ClientId, clientId, StringComparison.Ordinal)) is { } standing
            ? ClientView.Of(standing)
            : null;

    private async Task<IEnumerable<ClientStanding>> StandingsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, ClientUse> uses = (await store.ReadUsesAsync(cancellationToken)).ToDictionary(use => use.ClientId, StringComparer.Ordinal);
        return (await editor.ReadAsync(cancellationToken)).Clients.Select(client => new ClientStanding(client, uses.GetValueOrDefault(client.Client.ClientId)));
    }

    private static bool IsOf(ClientOwners owners, string team) =>
        new[] { owners.Identity, owners.Platform, owners.Application }.Any(owner => string.Equals(owner?.Team, team, StringComparison.OrdinalIgnoreCase));
}
