using System.Text.Json;
using Holdfast.Registry;

namespace Holdfast.Control;

/// <summary>A resource as administrators see it.</summary>
internal sealed record ResourceView(JsonElement Resource, long Revision, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static ResourceView Of(RegisteredResource resource) =>
        new(Documents.ParseOne(resource.Entry.Document!), resource.Entry.Revision, resource.Entry.CreatedAt, resource.Entry.UpdatedAt);
}

/// <summary>Some resources, and after which the next ones are.</summary>
internal sealed record ResourcesView(IReadOnlyList<ResourceView> Resources, string? Next);
