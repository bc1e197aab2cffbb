using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Holdfast.Control;

/// <summary>A whole desired set at once.</summary>
internal sealed class ApplyEndpoint(RegistryEditor editor, ILogger<ApplyEndpoint> logger)
{
    // A file of 1 MB grows when it becomes JSON.
    private const int MaxBody = 4 * 1024 * 1024;

    public async Task<ControlAnswer> ApplyAsync(ControlRequest request)
    {
        ControlQuery query = request.Query("dry_run", "prune");
        (bool dryRun, bool prune) = (query.Flag("dry_run"), query.Flag("prune"));
        if (query.Refusal is { } unknown)
            return unknown;
        (JsonDocument? document, ControlAnswer? refusal) = await request.ReadBodyAsync(MaxBody);
        if (refusal is not null)
            return refusal;
        using (document)
        {
            List<string> problems = [];
            if (RegistryDocuments.ReadDesired(document!.RootElement, problems) is not { } desired)
                return ControlAnswer.Problem(StatusCodes.Status400BadRequest, "The body is not a set of clients and resources.", problems);
            EditResult result = await editor.ApplyAsync(desired, prune, dryRun, request.Actor, request.Aborted);
            if (EditView.Refusal(result, "such entry") is { } refused)
                return refused;
            foreach (EntryChange change in dryRun ? [] : result.Changes)
                ControlLog.LogChanged(logger, request.Actor.Name, request.Actor.Thumbprint, request.Actor.Address, change.Action, change.Id);
            return ControlAnswer.Of(EditView.Of(result) with { DryRun = dryRun }, ControlJson.Default.EditView);
        }
    }
}
