using System.Diagnostics;
using Holdfast.AspNetCore;
using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// What all endpoints have in common that clients call themselves: there is room, the form is read, the certificate is read, the client is authenticated, and
/// its refusals are answered and recorded alike. What a request decides by a registry that has changed meanwhile is decided again, client authentication
/// included, so that a client which was disabled a moment ago gets nothing.
/// </summary>
internal abstract class ClientEndpoint(ClientEndpointServices services)
{
    /// <summary>How often the registry may change under one request. More is not change but trouble.</summary>
    private const int MaxAttempts = 4;

    protected IssuerConfig Config => services.Config;

    public async Task HandleAsync(HttpContext context)
    {
        // DPOP-AS-30, RFC 9449 §8: browsers may send DPoP and read DPoP-Nonce.
        if (EndpointCors.IsPreflight(context))
        {
            EndpointCors.AnswerPreflight(context);
            return;
        }
        using Activity? activity = VerifierMeter.Start();
        try
        {
            await services.Answers.WriteAsync(context, await DecideIfThereIsRoomAsync(context), activity);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; there is nobody to answer.
        }
    }

    /// <summary>What is wrong with the form, whoever sent it; null: nothing. Before the client is authenticated, which costs more.</summary>
    protected virtual Refusal? CheckForm(IssuerForm form) => null;

    /// <summary>Decides what an authenticated client asks for.</summary>
    /// <param name="request">Who asks for what.</param>
    /// <param name="decision">What is known already, to be built upon.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    protected abstract ValueTask<IssuerDecision> DecideAsync(ClientRequest request, IssuerDecision decision, CancellationToken cancellationToken);

    // Before the body is read.
    private async ValueTask<IssuerDecision> DecideIfThereIsRoomAsync(HttpContext context)
    {
        if (await services.Gate.EnterAsync(VerifierRole.AuthorizationServer, Config.Issuer) is { } overloaded)
            return IssuerDecision.Refuse(overloaded);
        try
        {
            return await ReadAndDecideAsync(context, context.RequestAborted);
        }
        catch (StateUnavailableException e)
        {
            return IssuerDecision.Refuse(new(VerificationFailure.IssuerStateUnavailable, "a database that answers", Printable.From(e.Message)));
        }
        finally
        {
            services.Gate.Exit();
        }
    }

    private async ValueTask<IssuerDecision> ReadAndDecideAsync(HttpContext context, CancellationToken cancellationToken)
    {
        (IssuerForm? form, MalformedRequest problem) = await FormReader.ReadAsync(context, cancellationToken);
        if (form is null)
            return IssuerDecision.Refuse(new(VerificationFailure.TokenRequestMalformed, problem.Expected, problem.Seen)) with { Status = problem.Status };
        if (CheckForm(form) is { } malformed)
            return IssuerDecision.Refuse(malformed) with { ClientId = Printable.From(form.ClientId) };

        // MTLS-01, RFC 8705 §2: from the handshake, or from a trusted proxy. FWD-02: what such a proxy hands on is read, or the request is refused.
        PresentedCertificate presented = ClientCertificates.Of(context);
        if (presented.Fault is { } fault)
            return IssuerDecision.Refuse(fault) with { ClientId = Printable.From(form.ClientId) };

        IssuerSnapshot snapshot = await services.Registry.GetAsync(cancellationToken);
        ProofOutcome? spentProof = null;
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            ClientAuthentication authentication = await services.Authenticator.AuthenticateAsync(snapshot, form, DPoPFields.Read(context.Request.Headers.Authorization),
                presented.Certificate, context.Connection.RemoteIpAddress, cancellationToken);
            if (authentication.Client is not { } client)
                return IssuerDecision.Refuse(authentication.Refusal!) with
                {
                    ClientId = authentication.ClaimedClientId, Certificate = presented.Certificate, RetryAfter = authentication.RetryAfter,
                };
            var request = new ClientRequest(context, form, client, authentication.Assertion, presented.Certificate, snapshot) { SpentProof = spentProof };
            IssuerDecision decision = await DecideAsync(request, new() { ClientId = client.ClientId, Certificate = presented.Certificate }, cancellationToken);
            if (!decision.IsStale)
                return decision;
            spentProof = request.SpentProof;
            snapshot = await services.Registry.GetNewerAsync(snapshot, cancellationToken);
        }
        return IssuerDecision.Refuse(new(VerificationFailure.IssuerStateUnavailable, "a registry at rest", "changes without end"));
    }
}

/// <summary>What every <see cref="ClientEndpoint"/> works with.</summary>
internal sealed record ClientEndpointServices(IssuerConfig Config, IssuerRegistry Registry, ClientAuthenticator Authenticator, IssuerAnswers Answers, VerifierGate Gate);
