using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Holdfast.Client.Certificates;
using Holdfast.Client.Connections;
using Holdfast.Client.Internal;
using Holdfast.Client.Keys;
using Holdfast.Client.Requests;
using Microsoft.Extensions.Logging;

namespace Holdfast.Client.Tokens;

/// <summary>
/// Asks the token endpoint (RFC 6749 §4.4, RFC 9449 §5, RFC 8705 §3): client credentials, an assertion and a proof of its own for each attempt,
/// a connection that presents the certificate; whichever of them this client has.
/// </summary>
internal sealed class TokenClient(
    ClientConfig config, Discovery discovery, ClientKeys keys, ServerMemory servers, IHttpClientFactory clients, TimeProvider time, ILogger logger)
{
    /// <summary>Not for concurrent use: called within the single flight.</summary>
    public async Task<BoundToken> FetchAsync(CertificateGeneration? certificate, CancellationToken cancellationToken)
    {
        ServerMetadata server = await discovery.GetAsync(cancellationToken).ConfigureAwait(false);
        RefuseUnbound(server);
        (IProofSigner? proof, IProofSigner? assertion) = keys.Get(server);
        ServerState state = servers.Get(server.TokenEndpoint, VerifierRole.AuthorizationServer);
        bool nonceRetried = false, clockRetried = false;
        while (true)
        {
            string? nonce = state.Nonce;
            long sent = time.GetTimestamp();
            DateTimeOffset started = time.GetUtcNow();
            using HttpRequestMessage request = await BuildAsync(server, state, nonce, proof, assertion, cancellationToken).ConfigureAwait(false);
            using HttpResponseMessage response = await SendAsync(request, certificate, cancellationToken).ConfigureAwait(false);
            // DPOP-C-14, RFC 9449 §8.2: the newest nonce counts, on success too.
            state.Learn(response);
            using JsonDocument? document = await ReadAsync(response, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.OK)
                return TokenResponse.Read(document, config, proof, config.BindsToCertificate ? certificate : null, started, sent);

            string? error = document is null ? null : JsonText.Member(document.RootElement, "error");
            error ??= Challenge.Of(response)?.Error;
            if (error is "use_dpop_nonce" && proof is not null)
            {
                state.LearnTime(response, time);
                // DPOP-C-13: one retry; a nonce that is missing, repeated or refused ends it.
                if (nonceRetried || !ServerState.HasNewer(response, nonce))
                {
                    Log.NonceRefused(logger, config.Name, Origins.Of(server.TokenEndpoint));
                    throw new HoldfastClientException(HoldfastClientFailure.NonceRefused,
                        $"{config.Issuer} asked for a nonce although it was given its newest; the fault is the server's.") { Error = error };
                }
                nonceRetried = true;
                Log.NonceAsked(logger, config.Name, Origins.Of(server.TokenEndpoint));
                continue;
            }
            // DPOP-C-25: a proof or an assertion that may have failed for time is made again by the server's clock, once.
            if (!clockRetried && error is "invalid_dpop_proof" or "invalid_client" && state.LearnTime(response, time))
            {
                clockRetried = true;
                Log.ClockLearned(logger, config.Name, Origins.Of(server.TokenEndpoint), state.ClockOffset);
                continue;
            }
            throw Refused(response, error, document);
        }
    }

    private async Task<HttpRequestMessage> BuildAsync(
        ServerMetadata server, ServerState state, string? nonce, IProofSigner? proof, IProofSigner? assertion, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow() + state.ClockOffset;
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (config.Scope is not null)
            form.Add(new("scope", config.Scope));
        if (config.Resource is not null)
            form.Add(new("resource", config.Resource));

        var request = new HttpRequestMessage(HttpMethod.Post, server.TokenEndpoint);
        request.Headers.Accept.ParseAdd("application/json");
        if (assertion is not null)
        {
            // DPOP-C-12: a retry has a fresh assertion too; the server may have spent the first.
            var claims = new ClientAssertionClaims { ClientId = config.ClientId, Audience = config.Issuer, Iat = now, Kid = config.ClientKeyId };
            form.Add(new("client_id", config.ClientId));
            form.Add(new("client_assertion_type", ClientAssertionWriter.AssertionType));
            form.Add(new("client_assertion", await ClientAssertionWriter.WriteAsync(assertion, claims, cancellationToken).ConfigureAwait(false)));
        }
        else if (config.AuthenticatesByCertificate)
        {
            // MTLS-02, RFC 8705 §2: the identifier says which client's certificate to expect.
            form.Add(new("client_id", config.ClientId));
        }
        else
        {
            // RFC 6749 §2.3.1: both parts are form-encoded before they are joined.
            string pair = $"{WebUtility.UrlEncode(config.ClientId)}:{WebUtility.UrlEncode(config.ClientSecret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }
        if (proof is not null)
        {
            // DPOP-C-07, RFC 9449 §5: a proof without ath accompanies the token request. Of an alias it names the alias (DPOP-AS-40).
            request.Headers.TryAddWithoutValidation("DPoP", await DPoPProofWriter.WriteAsync(proof, new()
            {
                Htm = "POST",
                Htu = DPoPProofClaims.HtuOf(server.TokenEndpoint),
                Iat = now,
                Nonce = nonce,
            }, cancellationToken).ConfigureAwait(false));
        }
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private void RefuseUnbound(ServerMetadata server)
    {
        // MTLS-28, RFC 8705 §3.3: a token of type Bearer does not tell that it is bound, and it is opaque (AT-27). What tells is the server that
        // says it binds and the connection that presented the certificate, which CertificateConnections sees to. Without either there is no token.
        if (config.BindsToCertificate && !server.BindsToCertificates)
        {
            discovery.Distrust();
            throw new HoldfastClientException(HoldfastClientFailure.CertificateBindingNotSupported,
                $"The metadata of {config.Issuer} does not say tls_client_certificate_bound_access_tokens; a token from there may be bound to nothing. "
                + "Have the server say so, or set Binding to DPoP.");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CertificateGeneration? certificate, CancellationToken cancellationToken)
    {
        try
        {
            using HttpClient client = clients.CreateClient(HoldfastClientDefaults.BackchannelName);
            if (certificate is null)
                return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            // MTLS-18, RFC 8705 §3: the token is bound to the certificate of this very connection.
            CertificateDemand demand = CertificateDemand.Add(request, certificate);
            HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (demand.IsMet)
                return response;
            response.Dispose();
            throw CertificateConnections.Replaced(HoldfastClientDefaults.BackchannelName);
        }
        catch (HoldfastClientException)
        {
            // Of the connection; the endpoint for certificates may have moved.
            discovery.Distrust();
            throw;
        }
        catch (HttpRequestException exception)
        {
            throw Unavailable(exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unavailable(exception);
        }
    }

    private async Task<JsonDocument?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await JsonText.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw Unavailable(exception);
        }
    }

    private HoldfastClientException Unavailable(Exception inner)
    {
        discovery.Distrust();
        return new(HoldfastClientFailure.TokenServerUnavailable,
            $"The token endpoint of {config.Issuer} does not answer{(config.HasCertificate ? ", or does not take the certificate" : "")}.", inner);
    }

    private HoldfastClientException Refused(HttpResponseMessage response, string? error, JsonDocument? document)
    {
        int status = (int)response.StatusCode;
        if (error is null)
            discovery.Distrust();
        string? description = document is null ? null : JsonText.Member(document.RootElement, "error_description");
        return new(status >= 500 || status == 429 ? HoldfastClientFailure.TokenServerUnavailable : HoldfastClientFailure.TokenRefused,
            $"The token endpoint of {config.Issuer} answered {status} {JsonText.Safe(error)}{(description is null ? "" : ": ")}{JsonText.Safe(description)}".TrimEnd())
        {
            Error = JsonText.Safe(error),
        };
    }
}
