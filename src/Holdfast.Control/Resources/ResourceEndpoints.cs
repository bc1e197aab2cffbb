using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.Control;

/// <summary>Resources.</summary>
internal sealed class ResourceEndpoints(RegistryEditor editor, ILogger<ResourceEndpoints> logger)
{
    private const int MaxBody = 256 * 1024;
    private const string Id = "identifier";

    public async Task<ControlAnswer> ListAsync(ControlRequest request)
    {
        ControlQuery query = request.Query("after", "limit");
        (string? after, int limit) = (query.Text("after"), query.Limit(standard: 100, most: 500));
        if (query.Refusal is { } refusal)
            return refusal;
        RegisteredResource[] page = [.. (await editor.ReadAsync(request.Aborted)).Resources
            .Where(resource => after is null || string.CompareOrdinal(resource.Resource.Identifier, after) > 0).Take(limit + 1)];
        string? next = page.Length > limit ? page[limit - 1].Resource.Identifier : null;
        return ControlAnswer.Of(new ResourcesView([.. page.Take(limit).Select(ResourceView.Of)], next), ControlJson.Default.ResourcesView);
    }

    public async Task<ControlAnswer> ShowAsync(ControlRequest request)
    {
        ControlQuery query = request.Query(Id);
        string identifier = query.Required(Id);
        if (query.Refusal is { } refusal)
            return refusal;
        return (await editor.ReadAsync(request.Aborted)).FindResource(identifier) is { } resource
            ? ControlAnswer.Of(ResourceView.Of(resource), ControlJson.Default.ResourceView, resource.Entry.Revision)
            : ControlAnswer.Problem(StatusCodes.Status404NotFound, $"There is no resource '{identifier}' in the registry.", []);
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
            return RegistryDocuments.ReadResource(document!.RootElement, problems) is { } resource
                ? await AnswerAsync(request, resource.Identifier, await editor.PutResourceAsync(resource, condition, request.Actor, request.Aborted))
                : ControlAnswer.Problem(StatusCodes.Status400BadRequest, "The body is not a resource.", problems);
        }
    }

    public async Task<ControlAnswer> RemoveAsync(ControlRequest request)
    {
        ControlQuery query = request.Query(Id);
        string identifier = query.Required(Id);
        if (query.Refusal is { } refusal)
            return refusal;
        return request.TryReadCondition(isRequired: false, out EditCondition condition) is { } unread
            ? unread
            : await AnswerAsync(request, identifier, await editor.RemoveResourceAsync(identifier, condition, request.Actor, request.Aborted));
    }

    private async Task<ControlAnswer> AnswerAsync(ControlRequest request, string identifier, EditResult result)
    {
        if (EditView.Refusal(result, $"resource '{identifier}' in the registry") is { } refusal)
            return refusal;
        foreach (EntryChange change in result.Changes)
            ControlLog.LogChanged(logger, request.Actor.Name, request.Actor.Thumbprint, request.Actor.Address, change.Action, change.Id);
        RegisteredResource? now = (await editor.ReadAsync(request.Aborted)).FindResource(identifier);
        bool isNew = result.Changes is [{ Action: "resource.add" }];
        return ControlAnswer.Of(EditView.Of(result) with { Resource = now is null ? null : ResourceView.Of(now) }, ControlJson.Default.EditView, now?.Entry.Revision,
            isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
