namespace Holdfast.Issuer;

/// <summary>
/// Finds out which client calls, by exactly one method (RFC 6749 §2.3). Reads only.
/// DPOP-AS-38, RFC 9449 §11.11: a DPoP proof is no client authentication, so it is not looked at here.
/// </summary>
internal sealed class ClientAuthenticator(IssuerConfig config, ClientAssertionVerifier assertions)
{
    public ClientAuthentication Authenticate(TokenRequest request, FieldLines authorization)
    {
        bool byAssertion = request.ClientAssertion is not null || request.ClientAssertionType is not null;
        bool bySecret = request.ClientSecret is not null;
        int methods = authorization.Count + (byAssertion ? 1 : 0) + (bySecret ? 1 : 0);
        if (methods != 1)
            return ClientAuthentication.Refused(VerificationFailure.ClientAuthenticationMissing, request.ClientId, "one method", $"{methods}");
        if (bySecret)
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, request.ClientId, ClientAuthenticationMethods.PrivateKeyJwt, "client_secret in the body");
        return byAssertion ? ByAssertion(request) : ByBasic(request, authorization.Single ?? "");
    }

    private ClientAuthentication ByAssertion(TokenRequest request)
    {
        if (request.ClientAssertion is null || !string.Equals(request.ClientAssertionType, ClientAssertionWriter.AssertionType, StringComparison.Ordinal))
        {
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, request.ClientId, ClientAssertionWriter.AssertionType,
                Printable.From(request.ClientAssertionType ?? "no client_assertion_type"));
        }
        if (ClientAssertionReader.TryRead(request.ClientAssertion, out string form) is not { } assertion)
            return ClientAuthentication.Refused(VerificationFailure.AssertionMalformed, request.ClientId, form);
        string claimed = Printable.From(assertion.Sub);
        // RFC 7521 §4.2: client_id is optional here, and names the same client where it is there.
        if (request.ClientId is { } clientId && !string.Equals(clientId, assertion.Sub, StringComparison.Ordinal))
            return ClientAuthentication.Refused(VerificationFailure.AssertionClaimWrong, claimed, Printable.From($"sub {clientId}, as client_id"), $"sub {claimed}");
        if (!config.Clients.TryGetValue(assertion.Sub, out IssuerClient? client))
            return ClientAuthentication.Refused(VerificationFailure.ClientUnknown, claimed, seen: claimed);
        if (!string.Equals(client.AuthenticationMethod, ClientAuthenticationMethods.PrivateKeyJwt, StringComparison.Ordinal))
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, claimed, client.AuthenticationMethod, ClientAuthenticationMethods.PrivateKeyJwt);
        return assertions.Verify(assertion, client) is { } refusal
            ? ClientAuthentication.Refused(refusal, claimed)
            : ClientAuthentication.Authenticated(client, assertion);
    }

    private ClientAuthentication ByBasic(TokenRequest request, string authorization)
    {
        if (!BasicCredentials.IsBasic(authorization) || !config.AllowClientSecretBasic)
        {
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, request.ClientId, ClientAuthenticationMethods.PrivateKeyJwt,
                BasicCredentials.IsBasic(authorization) ? ClientAuthenticationMethods.ClientSecretBasic : "another Authorization scheme");
        }
        if (BasicCredentials.TryParse(authorization) is not { } credentials
            || (request.ClientId is { } clientId && !string.Equals(clientId, credentials.ClientId, StringComparison.Ordinal)))
            return ClientAuthentication.Refused(VerificationFailure.TokenRequestMalformed, request.ClientId, "Basic credentials of the client in client_id");
        string claimed = Printable.From(credentials.ClientId);
        bool known = config.Clients.TryGetValue(credentials.ClientId, out IssuerClient? client);
        // The secret is hashed for a stranger too, so that the time does not tell which clients exist.
        bool right = credentials.Matches(client?.SecretHash);
        if (!known || client is null)
            return ClientAuthentication.Refused(VerificationFailure.ClientUnknown, claimed, seen: claimed);
        if (!string.Equals(client.AuthenticationMethod, ClientAuthenticationMethods.ClientSecretBasic, StringComparison.Ordinal))
            return ClientAuthentication.Refused(VerificationFailure.ClientMethodNotAllowed, claimed, client.AuthenticationMethod, ClientAuthenticationMethods.ClientSecretBasic);
        return right
            ? ClientAuthentication.Authenticated(client, null)
            : ClientAuthentication.Refused(VerificationFailure.ClientSecretWrong, claimed);
    }
}
