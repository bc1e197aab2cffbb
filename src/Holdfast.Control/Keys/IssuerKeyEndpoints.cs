using System.Text.Json;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Control;

/// <summary>The signing keys of the issuer, where the host lets them be managed.</summary>
internal sealed class IssuerKeyEndpoints(IServiceProvider services, ILogger<IssuerKeyEndpoints> logger)
{
    public async Task<ControlAnswer> ListAsync(ControlRequest request)
    {
        if (request.Query().Refusal is { } refusal)
            return refusal;
        if (services.GetService<IIssuerKeyAdmin>() is not { } keys)
            return NotHere();
        return ControlAnswer.Of(new IssuerKeysView([.. (await keys.ListAsync(request.Aborted)).Select(View)]), ControlJson.Default.IssuerKeysView);
    }

    public async Task<ControlAnswer> RotateAsync(ControlRequest request)
    {
        if (request.Query().Refusal is { } refusal)
            return refusal;
        return services.GetService<IIssuerKeyAdmin>() is { } keys ? Answer(request, "issuer_key.rotate", await keys.RotateAsync(request.Actor, request.Aborted)) : NotHere();
    }

    public async Task<ControlAnswer> RetireAsync(ControlRequest request)
    {
        ControlQuery query = request.Query("kid", "immediately");
        (string kid, bool immediately) = (query.Required("kid"), query.Flag("immediately"));
        if (query.Refusal is { } refusal)
            return refusal;
        return services.GetService<IIssuerKeyAdmin>() is { } keys
            ? Answer(request, immediately ? "issuer_key.revoke" : "issuer_key.retire", await keys.RetireAsync(kid, immediately, request.Actor, request.Aborted))
            : NotHere();
    }

    private ControlAnswer Answer(ControlRequest request, string action, IssuerKeyResult result)
    {
        if (result.Answer == IssuerKeyAnswer.Done)
            ControlLog.LogChanged(logger, request.Actor.Name, request.Actor.Thumbprint, request.Actor.Address, action, result.Key?.Kid ?? "");
        return result.Answer switch
        {
            IssuerKeyAnswer.Done => ControlAnswer.Of(new IssuerKeyView(result.Key is { } key ? View(key) : null), ControlJson.Default.IssuerKeyView),
            IssuerKeyAnswer.NotFound => ControlAnswer.Problem(StatusCodes.Status404NotFound, "There is no such key.", []),
            IssuerKeyAnswer.Refused => ControlAnswer.Problem(StatusCodes.Status409Conflict, "It cannot be done as things stand.", result.Problem is { } problem ? [problem] : []),
            IssuerKeyAnswer.Unspecified => ControlAnswer.Problem(StatusCodes.Status500InternalServerError, "Nothing is known to be changed.", []),
        };
    }

    private static JsonElement View(IssuerKey key) => Documents.ParseOne(RegistryJson.Write(key));

    private static ControlAnswer NotHere() =>
        ControlAnswer.Problem(StatusCodes.Status404NotFound, "The signing keys are not managed here.", ["This host registers no IIssuerKeyAdmin."]);
}

/// <summary>The signing keys, without the private ones.</summary>
internal sealed record IssuerKeysView(IReadOnlyList<JsonElement> Keys);

/// <summary>One signing key.</summary>
internal sealed record IssuerKeyView(JsonElement? Key);
