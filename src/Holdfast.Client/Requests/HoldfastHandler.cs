using System.Net.Http.Headers;
using Holdfast.Client.Connections;
using Holdfast.Client.Internal;
using Holdfast.Client.Tokens;

namespace Holdfast.Client.Requests;

/// <summary>
/// Sends a request with a bound token and what proves possession: a proof of its own (RFC 9449 §7), a connection that presented the
/// certificate (RFC 8705 §3), or both. As often as it takes within fixed bounds: one retry for a nonce, one for a clock, one for a token that the resource no longer accepts, and ten redirects.
/// </summary>
internal sealed class HoldfastHandler(Func<ClientRuntime> client, bool followRedirects) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        RefuseForeignCredentials(request);
        ClientRuntime runtime = client();
        Uri uri = request.RequestUri is { IsAbsoluteUri: true } absolute && Origins.IsHttp(absolute)
            ? absolute
            : throw new InvalidOperationException("The request has no absolute http or https URI; set BaseAddress.");

        RepeatableContent content = await RepeatableContent
            .CreateAsync(request.Content, runtime.Config.MaxBufferedContentBytes, cancellationToken).ConfigureAwait(false);
        // The wire has the upper-case form of the methods that everybody knows, however the caller wrote them.
        var hop = new Hop(HttpMethod.Parse(request.Method.Method), uri, content, WithToken: true, WithBody: content.Content is not null);
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = hop.WithToken
                ? await SendBoundAsync(runtime, request, hop, cancellationToken).ConfigureAwait(false)
                : await SendOnceAsync(request, hop, null, null, cancellationToken).ConfigureAwait(false);
            if (!followRedirects || redirects == HoldfastClientDefaults.MaxRedirects || !Redirect.TryFollow(response, hop, out Hop next))
            {
                // The message that was sent holds token and proof; the caller gets one that does not.
                response.RequestMessage = redirects == 0 ? request : Copy(request, hop);
                return response;
            }
            response.Dispose();
            if (next.WithBody)
                next.Content.RefuseWhatIsGone("The server redirected the request");
            hop = next;
        }
    }

    /// <summary>Proofs need asynchronous signers, so there is no synchronous way.</summary>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Bound tokens need HttpClient.SendAsync; there is no synchronous way.");

    private async Task<HttpResponseMessage> SendBoundAsync(
        ClientRuntime runtime, HttpRequestMessage request, Hop hop, CancellationToken cancellationToken)
    {
        RefuseTarget(runtime, hop.Uri);
        ServerState server = runtime.Servers.Get(hop.Uri, VerifierRole.ResourceServer);
        bool nonceRetried = false, clockRetried = false, tokenRetried = false;
        while (true)
        {
            // Anew for each attempt: a certificate that was renewed meanwhile has tokens of its own.
            TokenSource tokens = await runtime.Tokens.CurrentAsync(cancellationToken).ConfigureAwait(false);
            BoundToken token = await tokens.GetAsync(cancellationToken).ConfigureAwait(false);
            string? nonce = server.Nonce;
            // DPOP-C-01, DPOP-C-17, RFC 9449 §4, §7.3: a new proof for every attempt, a retry included.
            string? proof = token.Key is null ? null : await DPoPProofWriter.WriteAsync(token.Key, new()
            {
                Htm = hop.Method.Method,
                Htu = DPoPProofClaims.HtuOf(PublicUri(request, hop.Uri)),
                Iat = runtime.Time.GetUtcNow() + server.ClockOffset,
                AccessToken = token.Token.AccessToken,
                Nonce = nonce,
            }, cancellationToken).ConfigureAwait(false);
            HttpResponseMessage response = await SendOnceAsync(request, hop, token, proof, cancellationToken).ConfigureAwait(false);
            // DPOP-C-14, RFC 9449 §8.2: the newest nonce counts, whatever the status.
            server.Learn(response);

            string? reason = null;
            Challenge? challenge = Challenge.Of(response, token.Key is null ? "Bearer" : "DPoP");
            switch (challenge?.Error)
            {
                // DPOP-C-12, RFC 9449 §9: keep the nonce and send again with a new proof.
                case "use_dpop_nonce" when token.Key is not null:
                    server.LearnTime(response, runtime.Time);
                    // DPOP-C-13: once; a nonce that is missing, repeated or refused ends it.
                    if (nonceRetried || !ServerState.HasNewer(response, nonce))
                    {
                        runtime.NonceRefused(hop.Uri);
                        break;
                    }
                    nonceRetried = true;
                    runtime.NonceAsked(hop.Uri);
                    reason = "The server asked for a nonce";
                    break;
                // DPOP-C-25: a proof that may have failed for time is made again by the server's clock, once.
                case "invalid_dpop_proof" when token.Key is not null && !clockRetried && server.LearnTime(response, runtime.Time):
                    clockRetried = true;
                    runtime.ClockLearned(hop.Uri, server.ClockOffset);
                    reason = "The server's clock differs";
                    break;
                case "invalid_dpop_proof" when token.Key is not null:
                    runtime.ProofRefused(hop.Uri, token.Key.Alg, challenge.Algs);
                    break;
                // MTLS-40, RFC 8705 §6.3: revoked, ended by the server's clock or by another certificate: one new token, one new try.
                case "invalid_token" when !tokenRetried && tokens.Drop(token):
                    tokenRetried = true;
                    runtime.TokenRefused(hop.Uri);
                    reason = "The server no longer accepts the token";
                    break;
            }
            if (reason is null)
                return response;
            response.Dispose();
            // DPOP-C-19: never send the remains of a stream that was read.
            if (hop.WithBody)
                hop.Content.RefuseWhatIsGone(reason);
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        HttpRequestMessage request, Hop hop, BoundToken? token, string? proof, CancellationToken cancellationToken)
    {
        // A copy: a handler above that sends the caller's message again must find it as the caller made it.
        HttpRequestMessage copy = Copy(request, hop);
        if (token is not null)
        {
            // DPOP-C-08, RFC 9449 §7.1: the DPoP scheme and the proof. RFC 8705 §3: Bearer, for a token that the certificate alone binds.
            copy.Headers.Authorization = new AuthenticationHeaderValue(proof is null ? "Bearer" : "DPoP", token.Token.AccessToken);
            if (proof is not null)
                copy.Headers.TryAddWithoutValidation("DPoP", proof);
            // MTLS-22, RFC 8705 §3: the certificate that the token was issued to, and no other; out of the origin goes none (DPOP-C-18).
            if (token.Certificate is not null)
                CertificateDemand.Add(copy, token.Certificate);
        }
        else if (!Origins.AreSame(request.RequestUri!, hop.Uri))
        {
            copy.Headers.Host = null;
            copy.Headers.Remove("Cookie");
        }
        return await base.SendAsync(copy, cancellationToken).ConfigureAwait(false);
    }

    private static HttpRequestMessage Copy(HttpRequestMessage request, Hop hop)
    {
        var copy = new HttpRequestMessage(hop.Method, hop.Uri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = hop.WithBody ? hop.Content.Content : null,
        };
        foreach (var header in request.Headers.NonValidated)
            copy.Headers.TryAddWithoutValidation(header.Key, header.Value);
        if (!hop.WithBody)
            copy.Headers.TransferEncodingChunked = null;
        foreach ((string key, object? value) in request.Options)
            ((IDictionary<string, object?>)copy.Options)[key] = value;
        return copy;
    }

    private void RefuseTarget(ClientRuntime runtime, Uri uri)
    {
        if (!runtime.Config.MayReach(uri))
        {
            throw new HoldfastClientException(HoldfastClientFailure.InsecureTarget,
                $"{Origins.Of(uri)} is neither https nor on this machine; no token is sent there.");
        }
        if (!runtime.Config.BindsToCertificate)
            return;
        if (uri.Scheme is not "https")
        {
            throw new HoldfastClientException(HoldfastClientFailure.InsecureTarget,
                $"{Origins.Of(uri)} is not https; the token is bound to a certificate, which can be presented over https only.");
        }
        // What would not present the certificate must not get the token.
        if (!CertificateConnections.AreBelow(InnerHandler))
            throw CertificateConnections.Replaced("this HttpClient");
    }

    // A Host header of the caller is the host of the target URI (RFC 9110 §7.1), whatever address the connection goes to.
    private static Uri PublicUri(HttpRequestMessage request, Uri uri) =>
        request.Headers.Host is { Length: > 0 } host ? new Uri($"{uri.Scheme}://{host}{uri.PathAndQuery}") : uri;

    private static void RefuseForeignCredentials(HttpRequestMessage request)
    {
        // DPOP-C-10: nothing but our own credentials goes out, so nothing can turn a bound token into a bearer one.
        if (request.Headers.Contains("Authorization") || request.Headers.Contains("DPoP"))
        {
            throw new HoldfastClientException(HoldfastClientFailure.CredentialsSetByCaller,
                "The request has an Authorization or DPoP header already. This HttpClient brings its own; use another one for other credentials.");
        }
    }
}
