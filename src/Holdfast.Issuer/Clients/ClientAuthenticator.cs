using System.Net;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// Finds out which client calls, by exactly one method (RFC 6749 §2.3). Reads only.
/// DPOP-AS-38, RFC 9449 §11.11: a DPoP proof is no client authentication, so it is not looked at here.
/// </summary>
internal sealed class ClientAuthenticator(IssuerConfig config, ClientAssertionVerifier assertions, ClientCertificateVerifier certificates, ClientSecretVerifier secrets, IssuerRateLimits limits)
{
    public async ValueTask<ClientAuthentication> AuthenticateAsync(IssuerSnapshot snapshot, IssuerForm form, FieldLines authorization, ClientCertificate? certificate,
        IPAddress? address, CancellationToken cancellationToken)
    {
        bool byAssertion = form.ClientAssertion is not null || form.ClientAssertionType is not null;
        bool bySecret = form.ClientSecret is not null;
        int methods = authorization.Count + (byAssertion ? 1 : 0) + (bySecret ? 1 : 0);
        // MTLS-02, RFC 8705 §2: with a certificate alone the client says who it is in client_id.
        if (methods == 0 && form.ClientId is null && certificate is not null)
            return ClientAuthentication.Refused(VerificationFailure.ClientAuthenticationMissing, null, "client_id beside the certificate", "no client_id");
        // A certificate counts as a method for a client that is registered for it. Beside others it may be there for the binding alone (MTLS-31).
        if (methods > 1 || (methods == 0 && form.ClientId is null))
            return ClientAuthentication.Refused(VerificationFailure.ClientAuthenticationMissing, form.ClientId, "one method", $"{methods}");
        ClientAuthentication outcome = methods == 0 ? await WithoutSecretAsync(snapshot, form.ClientId!, certificate, address, cancellationToken)
            : bySecret ? await ByBodyAsync(snapshot, form, address, cancellationToken)
            : byAssertion ? await ByAssertionAsync(snapshot, form, address, cancellationToken)
            : await ByBasicAsync(snapshot, form, authorization.Single ?? "", address, cancellationToken);
        if (outcome.Refusal is { } refusal && IsFailure(refusal.Failure))
            limits.CountFailure(address, outcome.ClaimedClientId);
        return outcome;
    }

    // Who showed nothing did not fail, nor did who was right and is switched off, or told to wait, or whose keys could not be had.
    private static bool IsFailure(VerificationFailure failure) => failure is not (VerificationFailure.ClientAuthenticationMissing or VerificationFailure.ClientDisabled)
        && FailureCatalog.Get(failure).WireError == "invalid_client";

    // Before anything is computed for it.
    private ClientAuthentication? RefuseByLimit(IPAddress? address, string claimed) => limits.WaitToAuthenticate(address, claimed) is { } wait
        ? ClientAuthentication.RefusedFor(wait, claimed, "fewer failed authentications")
        : null;

    private async ValueTask<ClientAuthentication> WithoutSecretAsync(IssuerSnapshot snapshot, string clientId, ClientCertificate? certificate, IPAddress? address,
        CancellationToken cancellationToken)
    {
        string claimed = Printable.From(clientId);
        // RFC 6749 §2.1, §2.3: a public client says who it is, and proves nothing by it.
        if (snapshot.Clients.TryGetValue(clientId, out IssuerClient? named) && named.IsPublic)
            return Active(named, null, claimed);
        if (RefuseByLimit(address, claimed) is { } limited)
            return limited;
        bool isKnown = snapshot.Clients.TryGetValue(clientId, out IssuerClient? client);
        if (isKnown && client is not null && ClientAuthenticationMethods.IsByCertificate(client.AuthenticationMethod))
        {
            return await certificates.RefuseAsync(client, certificate, cancellationToken) is { } refusal
                ? ClientAuthentication.Refused(refusal, claimed)
                : Active(client, null, claimed);
        }
        // MTLS-03, RFC 8705 §2: a certificate authenticates nobody who is registered for another method.
        return isKnown || certificate is null
            ? ClientAuthentication.Refused(VerificationFailure.ClientAuthenticationMissing, claimed, client?.AuthenticationMethod ?? "one method", certificate is null ? "none" : "a certificate alone")
            : ClientAuthentication.Refused(VerificationFailure.ClientUnknown, claimed, seen: claimed);
    }

    private async ValueTask<ClientAuthentication> ByAssertionAsync(IssuerSnapshot snapshot, IssuerForm form, IPAddress? address, CancellationToken cancellationToken)
    {
        if (form.ClientAssertion is null || !string.Equals(form.ClientAssertionType, ClientAssertionWriter.AssertionType, StringComparison.Ordinal))
        {
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, form.ClientId, ClientAssertionWriter.AssertionType,
                Printable.From(form.ClientAssertionType ?? "no client_assertion_type"));
        }
        if (ClientAssertionReader.TryRead(form.ClientAssertion, out string fault) is not { } assertion)
            return ClientAuthentication.Refused(VerificationFailure.AssertionMalformed, form.ClientId, fault);
        string claimed = Printable.From(assertion.Sub);
        // RFC 7521 §4.2: client_id is optional here, and names the same client where it is there.
        if (form.ClientId is { } clientId && !string.Equals(clientId, assertion.Sub, StringComparison.Ordinal))
            return ClientAuthentication.Refused(VerificationFailure.AssertionClaimWrong, claimed, Printable.From($"sub {clientId}, as client_id"), $"sub {claimed}");
        if (RefuseByLimit(address, claimed) is { } limited)
            return limited;
        if (!snapshot.Clients.TryGetValue(assertion.Sub, out IssuerClient? client))
            return ClientAuthentication.Refused(VerificationFailure.ClientUnknown, claimed, seen: claimed);
        if (!string.Equals(client.AuthenticationMethod, ClientAuthenticationMethods.PrivateKeyJwt, StringComparison.Ordinal))
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, claimed, client.AuthenticationMethod, ClientAuthenticationMethods.PrivateKeyJwt);
        return await assertions.VerifyAsync(assertion, client, cancellationToken) is { } refusal
            ? ClientAuthentication.Refused(refusal, claimed)
            : Active(client, assertion, claimed);
    }

    private ValueTask<ClientAuthentication> ByBasicAsync(IssuerSnapshot snapshot, IssuerForm form, string authorization, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!BasicCredentials.IsBasic(authorization) || !config.AllowClientSecrets)
        {
            return new(ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, form.ClientId, ClientAuthenticationMethods.PrivateKeyJwt,
                BasicCredentials.IsBasic(authorization) ? ClientAuthenticationMethods.ClientSecretBasic : "another Authorization scheme"));
        }
        if (BasicCredentials.TryParse(authorization) is not { } credentials
            || (form.ClientId is { } clientId && !string.Equals(clientId, credentials.ClientId, StringComparison.Ordinal)))
            return new(ClientAuthentication.Refused(VerificationFailure.TokenRequestMalformed, form.ClientId, "Basic credentials of the client in client_id"));
        return BySecretAsync(snapshot, credentials.ClientId, credentials.Secret, ClientAuthenticationMethods.ClientSecretBasic, address, cancellationToken);
    }

    private ValueTask<ClientAuthentication> ByBodyAsync(IssuerSnapshot snapshot, IssuerForm form, IPAddress? address, CancellationToken cancellationToken)
    {
        if (!config.AllowClientSecrets)
            return new(ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, form.ClientId, ClientAuthenticationMethods.PrivateKeyJwt, ClientAuthenticationMethods.ClientSecretPost));
        // RFC 6749 §2.3.1: client_id and client_secret.
        return form is { ClientId: { } clientId, ClientSecret: { } secret }
            ? BySecretAsync(snapshot, clientId, secret, ClientAuthenticationMethods.ClientSecretPost, address, cancellationToken)
            : new(ClientAuthentication.Refused(VerificationFailure.ClientAuthenticationMissing, null, "client_id beside client_secret", "no client_id"));
    }

    private async ValueTask<ClientAuthentication> BySecretAsync(IssuerSnapshot snapshot, string clientId, string secret, string method, IPAddress? address,
        CancellationToken cancellationToken)
    {
        string claimed = Printable.From(clientId);
        if (RefuseByLimit(address, claimed) is { } limited)
            return limited;
        bool isKnown = snapshot.Clients.TryGetValue(clientId, out IssuerClient? client);
        // RFC 7591 §2: the one method it registered, and no other. The secret is compared in any case, so that the time does not tell which clients exist.
        bool isRegistered = client is not null && string.Equals(client.AuthenticationMethod, method, StringComparison.Ordinal);
        bool? isRight = await secrets.IsRightAsync(snapshot, isRegistered ? client : null, secret, cancellationToken);
        if (isRight is null)
            return ClientAuthentication.RefusedFor(TimeSpan.FromSeconds(2), claimed, "fewer secrets to compare at once");
        if (!isKnown || client is null)
            return ClientAuthentication.Refused(VerificationFailure.ClientUnknown, claimed, seen: claimed);
        if (!isRegistered)
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, claimed, client.AuthenticationMethod, method);
        return isRight.Value
            ? Active(client, null, claimed)
            : ClientAuthentication.Refused(VerificationFailure.ClientSecretWrong, claimed);
    }

    // LIFE-MAP-01: a client that is switched off is told so after it has shown who it is, and nobody else is.
    private static ClientAuthentication Active(IssuerClient client, ClientAssertion? assertion, string claimed) => client.Registered.State == ClientState.Active
        ? ClientAuthentication.Authenticated(client, assertion)
        : ClientAuthentication.Refused(VerificationFailure.ClientDisabled, claimed, "active", client.Registered.State.ToString());
}
