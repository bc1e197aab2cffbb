using Holdfast.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Holdfast.Control;

/// <summary>Every endpoint of the admin API, and what each goes through: the policy, the actor, and one way to answer.</summary>
internal sealed class ControlEndpoints(
    ClientEndpoints clients, ResourceEndpoints resources, ApplyEndpoint apply, AuditEndpoint audit, IssuerKeyEndpoints keys,
    RegistryEditor editor, ILogger<ControlEndpoints> logger)
{
    private const string RetryAfterSeconds = "5";

    public void Map(IEndpointRouteBuilder group)
    {
        // An identifier of a client or resource may hold a slash: it goes in the query or the body, never in the path.
        Read(group, "/clients", clients.ListAsync);
        Read(group, "/client", clients.ShowAsync);
        Change(group, HttpMethods.Put, "/client", clients.PutAsync);
        Change(group, HttpMethods.Delete, "/client", clients.RemoveAsync);
        Change(group, HttpMethods.Post, "/client/disable", clients.DisableAsync);
        Change(group, HttpMethods.Post, "/client/enable", clients.EnableAsync);
        Change(group, HttpMethods.Post, "/client/offboard", clients.OffboardAsync);
        Change(group, HttpMethods.Post, "/client/secret", clients.RotateSecretAsync);
        Read(group, "/resources", resources.ListAsync);
        Read(group, "/resource", resources.ShowAsync);
        Change(group, HttpMethods.Put, "/resource", resources.PutAsync);
        Change(group, HttpMethods.Delete, "/resource", resources.RemoveAsync);
        Change(group, HttpMethods.Post, "/apply", apply.ApplyAsync);
        Read(group, "/audit", audit.ListAsync);
        Read(group, "/issuer-keys", keys.ListAsync);
        Change(group, HttpMethods.Post, "/issuer-keys/rotate", keys.RotateAsync);
        Change(group, HttpMethods.Post, "/issuer-keys/retire", keys.RetireAsync);
    }

    private void Read(IEndpointRouteBuilder group, string path, Func<ControlRequest, Task<ControlAnswer>> handle) =>
        group.MapMethods(path, [HttpMethods.Get], context => AnswerAsync(context, handle)).RequireAuthorization(HoldfastControlDefaults.ReadPolicy);

    private void Change(IEndpointRouteBuilder group, string method, string path, Func<ControlRequest, Task<ControlAnswer>> handle) =>
        group.MapMethods(path, [method], context => AnswerAsync(context, handle)).RequireAuthorization(HoldfastControlDefaults.ChangePolicy);

    private async Task AnswerAsync(HttpContext context, Func<ControlRequest, Task<ControlAnswer>> handle)
    {
        ControlAnswer answer;
        try
        {
            answer = ControlRequest.TryRead(context, out ControlRequest? request) is { } refusal ? refusal
                : await RefuseEndedAsync(request!) ?? await handle(request!);
        }
        catch (StateUnavailableException failure)
        {
            ControlLog.LogUnavailable(logger, failure.Message);
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
            answer = ControlAnswer.Problem(StatusCodes.Status503ServiceUnavailable, "The registry cannot be reached.", ["Nothing is known to be written; try again."]);
        }
        await answer.WriteAsync(context);
    }

    // A token outlives the registration that it was issued to; what it may do here must not.
    private async Task<ControlAnswer?> RefuseEndedAsync(ControlRequest request)
    {
        RegistrySnapshot snapshot = await editor.ReadAsync(request.Aborted);
        ClientState? state = snapshot.Find(RegistryKind.Client, request.Actor.Name) is { Document: null }
            ? ClientState.Offboarded
            : snapshot.FindClient(request.Actor.Name)?.Client.State;
        if (state is null or ClientState.Active)
            return null;
        ControlLog.LogActorEnded(logger, request.Actor.Name, request.Actor.Thumbprint, request.Actor.Address, ClientView.Word(state.Value));
        return ControlAnswer.Problem(StatusCodes.Status403Forbidden, "This client may do nothing any more.", [$"Client '{request.Actor.Name}' is {ClientView.Word(state.Value)}."]);
    }
}
