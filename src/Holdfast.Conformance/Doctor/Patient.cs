namespace Holdfast.Conformance;

/// <summary>The path under examination, as its checks see it: who calls, with which token, and what was learned so far.</summary>
internal sealed class Patient(DoctorTarget target, SigningKey? key, string? token, RawHttpClient http, TimeProvider timeProvider) : IDisposable
{
    private readonly ProofBuilder? _proofs = key is null ? null : new(key);
    private Task<string?>? _seenUrl;

    public DoctorTarget Target => target;

    /// <summary>The proxy that fixes are written for: as told, or as it told of itself.</summary>
    public ProxyKind Proxy { get; private set; } = target.Proxy;

    /// <summary>What a caller without credentials is answered.</summary>
    public RawResponse Stranger { get; private set; } = RawResponse.None;

    /// <summary>The URL that proofs have to name: the one that is called, unless the API was found to see another.</summary>
    public string ProofUrl { get; private set; } = target.Url;

    /// <summary>The honest request that was let in, for those who would repeat it; null where none was.</summary>
    public RawRequest? Admitted { get; private set; }

    /// <summary>True once the API's own diagnostics answered.</summary>
    public bool HasDiagnostics { get; private set; }

    /// <summary>The certificate-bound side of the client; null where it has none, and <see cref="WhyNotBound"/> says why.</summary>
    public BoundCall? Bound { get; private set; }

    public string WhyNotBound { get; private set; } = "no certificate was given (--cert, --cert-key)";

    public DateTimeOffset Now => timeProvider.GetUtcNow();

    private string? Nonce { get; set; }

    public async Task MeetAsync(CancellationToken cancellationToken)
    {
        Stranger = await http.SendAsync(Plain(), cancellationToken);
        if (Proxy == ProxyKind.Unknown)
            Proxy = ProxySigns.Read(Stranger);
    }

    /// <summary>Gets the certificate-bound token, where there is a certificate.</summary>
    public async Task BindAsync(DoctorTokens tokens, CancellationToken cancellationToken)
    {
        if (target.CertificatePem is null)
            return;
        try
        {
            Bound = await tokens.BoundToCertificateAsync(cancellationToken);
        }
        catch (DrillFailedException failure)
        {
            WhyNotBound = failure.Message;
        }
    }

    /// <summary>The request without credentials.</summary>
    public RawRequest Plain() => new(target.Origin, "GET", target.PathAndQuery, [new("Accept", "*/*")]);

    /// <summary>The request with the token and a proof of now for <paramref name="url"/>.</summary>
    public RawRequest Honest(string? url = null) => WithToken().With("DPoP", Proof(url));

    /// <summary>The request with the token by the DPoP scheme, and no proof.</summary>
    public RawRequest WithToken() => Plain().With("Authorization", $"DPoP {token}");

    /// <summary>The request with the token as a bearer token.</summary>
    public RawRequest AsBearer() => Plain().With("Authorization", $"Bearer {token}");

    public string Proof(string? url = null) => _proofs!.Build("GET", url ?? ProofUrl, Now, token, Nonce).ToString();

    /// <summary>Sends; where a nonce is asked for, makes the request anew with it, once.</summary>
    public async Task<RawResponse> AskAsync(Func<RawRequest> make, CancellationToken cancellationToken)
    {
        var request = make();
        var response = await SendAsync(request, cancellationToken);
        if (response.Error == "use_dpop_nonce")
            response = await SendAsync(request = make(), cancellationToken);
        if (Admitted is null && IsIn(response) && request.Fields.Any(field => field.Name == "DPoP"))
            Admitted = request;
        return response;
    }

    /// <summary>
    /// Which URL the verifier sees, where it is another one than is called: found as a thief would, by proofs for one after the other until one
    /// fits. Looked for once; null where none fits.
    /// </summary>
    public Task<string?> FindSeenUrlAsync(CancellationToken cancellationToken) => _seenUrl ??= SearchAsync(cancellationToken);

    private async Task<string?> SearchAsync(CancellationToken cancellationToken)
    {
        foreach (var candidate in UrlCandidates.Of(target.Url))
        {
            if (IsIn(await AskAsync(() => Honest(candidate), cancellationToken)))
                return ProofUrl = candidate;
        }
        return null;
    }

    /// <summary>Asks the API's diagnostic endpoint how the request that <paramref name="make"/> turns it into arrived; null where it does not say.</summary>
    public async Task<OperatorView?> DiagnoseAsync(Func<RawRequest, RawRequest> make, CancellationToken cancellationToken)
    {
        var plain = Plain() with { Target = OperatorView.Path };
        var response = await SendAsync(make(plain), cancellationToken);
        if (response.Error == "use_dpop_nonce")
            response = await SendAsync(make(plain), cancellationToken);
        var view = OperatorView.Read(response);
        HasDiagnostics |= view is not null;
        return view;
    }

    /// <summary>The diagnostics of a request with token and proof, the proof for the URL that is called.</summary>
    public Task<OperatorView?> DiagnoseProofAsync(CancellationToken cancellationToken) => DiagnoseAsync(
        plain => plain.With("Authorization", $"DPoP {token}").With("DPoP", Proof(target.Origin + OperatorView.Path)), cancellationToken);

    /// <summary>Sends the same request once more, as it is.</summary>
    public Task<RawResponse> RepeatAsync(RawRequest request, CancellationToken cancellationToken) => SendAsync(request, cancellationToken);

    /// <summary>True where the answer let the caller in: success, or whatever a stranger would not have been told.</summary>
    public bool IsIn(RawResponse response) => response.Status switch
    {
        >= 200 and < 300 => true,
        0 or 400 or 401 or 403 or >= 500 => false,
        _ => response.Error is null && response.Status != Stranger.Status,
    };

    private async Task<RawResponse> SendAsync(RawRequest request, CancellationToken cancellationToken)
    {
        var response = await http.SendAsync(request, cancellationToken);
        Nonce = response.DPoPNonce ?? Nonce;
        return response;
    }

    public void Dispose() => Bound?.Dispose();
}
