using System.Buffers;
using System.Text;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>
/// The twelve checks of RFC 9449 §4.3, cheapest first, the signature after everything that costs nothing; used by every door.
/// <see cref="Verify"/> reads only; <see cref="SpendAsync"/> files the proof once everything else has passed.
/// </summary>
public sealed class DPoPProofVerifier
{
    private readonly VerifierRole _role;
    private readonly VerifierClock _clock;
    private readonly IReplayStore _replay;
    private readonly IDPoPNonces? _nonces;
    private readonly JwsAlgorithm[] _algorithms;
    private readonly string _algorithmList;
    private readonly BoundedCache<JwkThumbprint, AcceptedKey> _keys;

    /// <summary>A verifier of one role. <paramref name="nonces"/> may be null only where the mode is <see cref="NonceMode.Off"/>.</summary>
    /// <exception cref="ArgumentException">An algorithm is not implemented, nonces are missing, or a shared store goes without them.</exception>
    public DPoPProofVerifier(VerifierRole role, DPoPProofPolicy policy, VerifierClock clock, IReplayStore replay, IDPoPNonces? nonces)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(replay);
        if (nonces is null && policy.NonceMode != NonceMode.Off)
            throw new ArgumentException("Nonces are needed unless the mode is Off.", nameof(nonces));
        // DPOP-V-28: one proof is filed under one anchor. Nodes of which one reads its nonce and another does not would file it under two, and after the first it would be fresh again.
        if (policy.NonceMode == NonceMode.Off && replay is ISharedReplayStore)
            throw new ArgumentException("The nonce mode Off does not go with a shared replay store; use OnDemand, which asks for a nonce only where records were lost.", nameof(policy));
        (_role, Policy, _clock, _replay) = (role, policy, clock, replay);
        _nonces = policy.NonceMode == NonceMode.Off ? null : nonces;
        _algorithms = [.. policy.Algorithms.Select(name => JwsAlgorithm.Find(Encoding.UTF8.GetBytes(name)) ??
            throw new ArgumentException($"The algorithm {name} is not implemented.", nameof(policy)))];
        if (_algorithms.Length == 0)
            throw new ArgumentException("At least one algorithm must be allowed.", nameof(policy));
        _algorithmList = string.Join(' ', policy.Algorithms);
        _keys = new(policy.KeyCacheCapacity);
    }

    /// <summary>The policy in force.</summary>
    public DPoPProofPolicy Policy { get; }

    /// <summary>
    /// Reads and checks; consumes nothing. <paramref name="accessToken"/> is null at the authorization server, where a stray
    /// <c>ath</c> is ignored; <paramref name="boundTo"/> is null where no binding is known yet.
    /// </summary>
    public ProofOutcome Verify(FieldLines dpop, string method, IReadOnlyList<HttpTarget> targets, AccessTokenHash? accessToken, JwkThumbprint? boundTo,
        VerificationTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(targets);
        // DPOP-V-01, RFC 9449 §4.3 step 1: not more than one DPoP field; lines are counted, an empty line is a line.
        if (dpop.Count == 0)
            return Refuse(VerificationFailure.ProofMissing, "one DPoP field", "none");
        if (dpop.Single is not { } text)
            return Refuse(VerificationFailure.ProofRepeated, "one DPoP field", $"{dpop.Count}");
        trace?.Pass(VerificationCheck.OneProof);

        // DPOP-V-33, RFC 9449 §11.1: sizes are capped before anything is parsed.
        if (text.Length > DPoPProofPolicy.MaxProofLength)
            return Refuse(VerificationFailure.ProofTooLarge, $"at most {DPoPProofPolicy.MaxProofLength} characters", $"{text.Length}");
        // DPOP-V-02, RFC 9449 §4.3 step 2: exactly one compact JWS; commas, spaces and a second token fail.
        if (!CompactJws.TrySplit(text, out CompactJws jws))
            return Refuse(VerificationFailure.ProofMalformed, "header.payload.signature in base64url", text.Length == 0 ? "an empty field" : "other characters or parts");

        byte[] buffer = ArrayPool<byte>.Shared.Rent(text.Length * 4);
        try
        {
            return VerifyParts(jws, buffer, method, targets, accessToken, boundTo, trace);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>
    /// Spends a proof that passed <see cref="Verify"/>: the last step, once everything else has passed. Only now is its public key worth
    /// keeping, so a stranger cannot fill the cache.
    /// </summary>
    public async ValueTask<ProofOutcome> SpendAsync(ProofOutcome outcome, VerificationTrace? trace, CancellationToken cancellationToken)
    {
        if (!outcome.Passed)
            return outcome;
        DPoPProof proof = outcome.Proof!;
        // DPOP-V-15, DPOP-V-27, DPOP-V-29, RFC 9449 §11.1: one atomic test-and-set, last, so that a bad proof cannot burn a good jti.
        ReplayResult result = await _replay.TryAddAsync(proof.ReplayRecord, cancellationToken);
        switch (result)
        {
            case ReplayResult.Added:
                trace?.Pass(VerificationCheck.Replay);
                if (proof.NewKey is { } key)
                    _keys.Set(proof.Thumbprint, key);
                return outcome;
            case ReplayResult.Replayed:
                return Refuse(VerificationFailure.ProofReplayed, "a proof not seen before", $"jti hash {proof.JtiHash}, anchored {proof.Anchor.Time:O}", proof);
            case ReplayResult.Fenced when _nonces is not null:
                return Challenge(VerificationFailure.ProofFenced, "a nonce of this epoch", $"anchored {proof.Anchor.Time:O}", proof);
            case ReplayResult.Fenced:
                return Refuse(VerificationFailure.ProofFenced, "a proof made after the restart", $"anchored {proof.Anchor.Time:O}", proof);
            case ReplayResult.Full:
                return Refuse(VerificationFailure.ReplayStoreFull, "room for the record", "store or quota of the key is full", proof);
            case ReplayResult.Unavailable:
            default:
                // DPOP-V-32: without an answer of the store nothing is accepted.
                return Refuse(VerificationFailure.ReplayStoreUnavailable, "an answer of the replay store", "none", proof);
        }
    }

    private ProofOutcome VerifyParts(CompactJws jws, Span<byte> buffer, string method, IReadOnlyList<HttpTarget> targets, AccessTokenHash? accessToken,
        JwkThumbprint? boundTo, VerificationTrace? trace)
    {
        // A header that was accepted before, letter for letter, is not read again; everything else is checked in every proof.
        AcceptedKey? known = Recognise(jws.Header, boundTo);
        // RFC 7515 §2: base64url without padding, whitespace or a second spelling; then strict UTF-8 and JSON, duplicates refused.
        ReadOnlySpan<byte> headerJson = default;
        if ((known is null && !TryDecode(jws.Header, ref buffer, out headerJson)) || !TryDecode(jws.Payload, ref buffer, out ReadOnlySpan<byte> payloadJson) ||
            !TryDecode(jws.Signature, ref buffer, out ReadOnlySpan<byte> signature))
            return Refuse(VerificationFailure.ProofMalformed, "strict base64url", "another alphabet or spelling");
        JsonFault fault = known is null ? StrictJson.Check(headerJson) : JsonFault.None;
        if (fault == JsonFault.None)
            fault = StrictJson.Check(payloadJson);
        if (fault != JsonFault.None)
        {
            return fault == JsonFault.Duplicate
                ? Refuse(VerificationFailure.ProofMemberRepeated, "each member once", "a member twice")
                : Refuse(VerificationFailure.ProofMalformed, "JSON objects in UTF-8", "something else");
        }
        trace?.Pass(VerificationCheck.ProofForm);

        JwsAlgorithm algorithm = known?.Algorithm ?? _algorithms[0];
        JwkThumbprint thumbprint = boundTo.GetValueOrDefault();
        ProofKeyReader keyReader = default;
        if (known is null)
        {
            if (ReadHeader(headerJson, ref buffer, trace, out algorithm, out keyReader, out thumbprint) is { } refused)
                return refused;
        }
        else
        {
            trace?.Pass(VerificationCheck.ProofType);
            trace?.Pass(VerificationCheck.ProofAlgorithm);
            trace?.Pass(VerificationCheck.ProofKey);
        }

        // DPOP-V-03, RFC 9449 §4.3 step 3: all required claims, each of its type.
        ProofClaims claims = ProofClaims.Read(payloadJson, Take(ref buffer, payloadJson.Length));
        if (MissingClaim(claims) is { } missing)
            return Refuse(VerificationFailure.ProofClaimMissing, missing, "absent");
        if (MalformedClaim(claims) is { } malformed)
            return Refuse(VerificationFailure.ProofClaimMalformed, malformed, "another type or length");
        trace?.Pass(VerificationCheck.ProofClaims);

        bool isMethod = Ascii.Equals(claims.Htm.Text, method);
        bool isTarget = TryMatchTarget(claims.Htu.Text, targets, out HttpTarget htu, out bool isWellFormedTarget);
        var proof = new DPoPProof(Encoding.UTF8.GetString(claims.Jti.Text))
        {
            Alg = algorithm.Name,
            Thumbprint = thumbprint,
            Htm = isMethod ? method : Printable.From(claims.Htm.Text),
            Htu = htu,
            Iat = claims.Iat.Time,
        };

        // DPOP-V-13, RFC 9449 §4.3 step 12b, §7.1: the proof key is the key of the token. Checked before the signature: a valid token with a
        // foreign key is the mark of theft, and needs no valid signature to be said.
        if (boundTo is { } expected && expected != thumbprint)
            return Refuse(VerificationFailure.KeyMismatch, expected.ToString(), thumbprint.ToString(), proof);
        if (boundTo is not null)
            trace?.Pass(VerificationCheck.KeyBinding);

        // DPOP-V-12, RFC 9449 §4.3 step 12a: ath is the hash of the presented token.
        if (accessToken is { } token)
        {
            if (!token.IsWrittenAs(claims.Ath.Text))
                return Refuse(VerificationFailure.TokenHashMismatch, token.ToString(), claims.Ath.Present ? Printable.From(claims.Ath.Text) : "absent", proof);
            trace?.Pass(VerificationCheck.TokenHash);
        }

        // DPOP-V-08, DPOP-V-22, RFC 9449 §4.3 step 8: htm equals the method, octet for octet.
        if (!isMethod)
            return Refuse(VerificationFailure.MethodMismatch, method, proof.Htm, proof);
        trace?.Pass(VerificationCheck.Method);

        // DPOP-V-09, DPOP-V-16, RFC 9449 §4.3 step 9: htu equals the public URL without query and fragment, both in canonical form.
        if (!isWellFormedTarget)
            return Refuse(VerificationFailure.TargetMalformed, "an absolute http(s) URL", Printable.From(claims.Htu.Text), proof);
        if (!isTarget)
            return RefuseTarget(targets, htu, proof);
        trace?.Pass(VerificationCheck.Target);

        // DPOP-V-10, RFC 9449 §4.3 step 10: a nonce of ours, alive, wherever one is asked for or was sent.
        if (JudgeNonce(claims.Nonce, proof) is { } nonceFailure)
            return Challenge(nonceFailure, "a nonce of this server", claims.Nonce.Present ? "another" : "none", proof);
        trace?.Pass(VerificationCheck.Nonce);

        // DPOP-V-06, RFC 9449 §4.3 step 6: the signature verifies with the key in the proof, and with that key only.
        // DPOP-V-36, RFC 8725 §3.4: an imported point lies on its curve.
        ProofKey? kept = known?.Key ?? (_keys.TryGet(thumbprint, out AcceptedKey? accepted) ? accepted.Key : null);
        ProofKey? key = kept ?? keyReader.Import();
        if (key is null)
            return Refuse(VerificationFailure.ProofKeyInvalid, "a point on the curve, or a sane modulus", "something else", proof);
        Span<byte> signingInput = Take(ref buffer, jws.SigningInput.Length);
        Ascii.FromUtf16(jws.SigningInput, signingInput, out _);
        if (!key.Verify(algorithm, signingInput, signature))
        {
            if (kept is null)
                key.Dispose();
            return Refuse(VerificationFailure.ProofSignatureInvalid, $"a signature by {thumbprint}", "another", proof);
        }
        if (kept is null)
            proof.NewKey = new AcceptedKey(key, algorithm, jws.Header.ToString());
        trace?.Pass(VerificationCheck.ProofSignature);

        // DPOP-V-11, DPOP-V-23, RFC 9449 §4.3 step 11, §11.1: one anchor. After the signature, so that a clock is blamed for genuine proofs only.
        if (JudgeFreshness(claims, proof) is { } late)
            return late;
        trace?.Pass(VerificationCheck.Freshness);

        // DPOP-V-31, RFC 9449 §11.1: the key of the replay record holds normalised values only.
        ReplayKey replayKey = ReplayKey.Create(_role, thumbprint, proof.Htm, htu.Canonical, proof.Jti);
        proof.ReplayRecord = new ReplayRecord(replayKey, thumbprint.ToOwner(), proof.Anchor);
        return new ProofOutcome(proof, null, VerificationFailure.Unspecified, proof.NonceIsAging ? _nonces!.Current : null);
    }

    // Only the header of the key the token is bound to: whoever else shows it is refused by that.
    private AcceptedKey? Recognise(ReadOnlySpan<char> header, JwkThumbprint? boundTo) =>
        boundTo is { } jkt && _keys.TryGet(jkt, out AcceptedKey? accepted) && header.SequenceEqual(accepted.Header) ? accepted : null;

    // Steps 4, 5 and 7, and what else a header must be; null where all is well.
    private ProofOutcome? ReadHeader(ReadOnlySpan<byte> headerJson, scoped ref Span<byte> buffer, VerificationTrace? trace, out JwsAlgorithm algorithm,
        out ProofKeyReader keyReader, out JwkThumbprint thumbprint)
    {
        algorithm = _algorithms[0];
        keyReader = default;
        thumbprint = default;
        ProofHeader header = ProofHeader.Read(headerJson, Take(ref buffer, headerJson.Length));
        // DPOP-V-04, RFC 9449 §4.3 step 4: typ is dpop+jwt, so that no other JWT passes for a proof.
        if (!header.Typ.SequenceEqual("dpop+jwt"u8))
            return Refuse(VerificationFailure.ProofTypeWrong, "dpop+jwt", Printable.From(header.Typ));
        trace?.Pass(VerificationCheck.ProofType);

        // DPOP-V-05, RFC 9449 §4.3 step 5: asymmetric, implemented and on the local list; never none, never a MAC.
        if (JwsAlgorithm.Find(header.Alg) is not { } found || Array.IndexOf(_algorithms, found) < 0)
            return Refuse(VerificationFailure.ProofAlgorithmNotAllowed, _algorithmList, Printable.From(header.Alg));
        // DPOP-V-35, RFC 7515 §4.1.11: no critical extension is known, so any crit is refused; jku, x5u, x5c and kid never choose a key.
        if (header.HasCrit)
            return Refuse(VerificationFailure.ProofCriticalUnsupported, "no crit", "crit");
        algorithm = found;
        trace?.Pass(VerificationCheck.ProofAlgorithm);

        if (!header.HasJwk)
            return Refuse(VerificationFailure.ProofKeyMalformed, "a jwk object", "none");
        // DPOP-V-07, RFC 9449 §4.3 step 7: the raw JSON holds no private member.
        if (header.Jwk.HasPrivateMember)
            return Refuse(VerificationFailure.ProofKeyPrivate, "public members only", "a private member");
        if (ProofKeyReader.Read(header.Jwk, algorithm, Take(ref buffer, headerJson.Length), out keyReader, out string? keySeen) is { } keyFailure)
            return Refuse(keyFailure, $"a key for {algorithm.Name}", keySeen);
        thumbprint = header.Jwk.Thumbprint();
        trace?.Pass(VerificationCheck.ProofKey);
        return null;
    }

    private static string? MissingClaim(in ProofClaims claims) =>
        !claims.Jti.Present ? "jti" : !claims.Htm.Present ? "htm" : !claims.Htu.Present ? "htu" : !claims.Iat.Present ? "iat" : null;

    private static string? MalformedClaim(in ProofClaims claims)
    {
        // DPOP-V-30, RFC 9449 §11.1: a very long jti is refused.
        if (!claims.Jti.IsString || claims.Jti.Text.IsEmpty || Encoding.UTF8.GetCharCount(claims.Jti.Text) > DPoPProofPolicy.MaxJtiLength)
            return $"jti: a string of 1 to {DPoPProofPolicy.MaxJtiLength} characters";
        if (!claims.Htm.IsString || claims.Htm.Text.IsEmpty)
            return "htm: a string";
        if (!claims.Htu.IsString)
            return "htu: a string";
        if (!claims.Iat.IsValid)
            return "iat: a number of seconds";
        if (claims.Exp.Present && !claims.Exp.IsValid)
            return "exp: a number of seconds";
        if (claims.Ath.Present && !claims.Ath.IsString)
            return "ath: a string";
        return claims.Nonce.Present && (!claims.Nonce.IsString || claims.Nonce.Text.Length is 0 or > DPoPProofPolicy.MaxNonceLength)
            ? $"nonce: a string of 1 to {DPoPProofPolicy.MaxNonceLength} characters"
            : null;
    }

    // DPOP-V-20, RFC 9449 §4.3 step 9: a query or fragment left in htu is dropped before comparing.
    private static bool TryMatchTarget(ReadOnlySpan<byte> htu, IReadOnlyList<HttpTarget> targets, out HttpTarget target, out bool isWellFormed)
    {
        for (int i = 0; i < targets.Count; i++)
        {
            // The usual case costs no parsing and no copy: the claim is already in canonical form, which is ASCII.
            if (htu.Length > 0 && Ascii.Equals(htu, targets[i].Canonical))
            {
                (target, isWellFormed) = (targets[i], true);
                return true;
            }
        }
        isWellFormed = TryParseTarget(htu, out target);
        return isWellFormed && targets.Contains(target);
    }

    private static bool TryParseTarget(ReadOnlySpan<byte> htu, out HttpTarget target)
    {
        Span<char> text = stackalloc char[HttpTarget.MaxLength];
        target = default;
        return htu.Length <= HttpTarget.MaxLength * 3 && Encoding.UTF8.TryGetChars(htu, text, out int length) && HttpTarget.TryParse(text[..length], out target);
    }

    private VerificationFailure? JudgeNonce(in ProofClaims.Member nonce, DPoPProof proof)
    {
        proof.Anchor = new FreshnessAnchor(proof.Iat, FromNonce: false);
        if (Policy.NonceMode == NonceMode.Off)
            return null;
        // DPOP-RS-22, DPOP-AS-28, RFC 9449 §11.3: where every proof carries a nonce, one without is challenged.
        if (!nonce.Present)
            return Policy.NonceMode == NonceMode.Always || _nonces!.AreDemanded ? VerificationFailure.NonceMissing : null;
        Span<char> text = stackalloc char[DPoPProofPolicy.MaxNonceLength];
        NonceStatus status = Encoding.UTF8.TryGetChars(nonce.Text, text, out int length)
            ? _nonces!.Check(text[..length], out FreshnessAnchor anchor)
            : Unknown(out anchor);
        switch (status)
        {
            case NonceStatus.Current:
            case NonceStatus.Previous:
                // DPOP-V-25, RFC 9449 §11.1: the server's own time in the nonce takes the place of the client's.
                proof.Anchor = anchor;
                proof.NonceIsAging = status == NonceStatus.Previous;
                return null;
            // DPOP-AS-22, RFC 9449 §8: a nonce that is stale or not ours is challenged with a fresh one.
            case NonceStatus.Stale:
                return VerificationFailure.NonceStale;
            case NonceStatus.Unknown:
            default:
                return VerificationFailure.NonceUnknown;
        }

        static NonceStatus Unknown(out FreshnessAnchor anchor)
        {
            anchor = default;
            return NonceStatus.Unknown;
        }
    }

    private ProofOutcome? JudgeFreshness(in ProofClaims claims, DPoPProof proof)
    {
        DateTimeOffset now = _clock.Now;
        // A proof that says when it ends is believed (divergence D17), with the tolerance for clocks.
        bool isOver = claims.Exp.Present && now - claims.Exp.Time >= DPoPProofPolicy.FutureWindow;
        bool isOld = !proof.Anchor.FromNonce && now - proof.Iat > DPoPProofPolicy.PastWindow;
        // DPOP-V-24, RFC 9449 §11.1: a little ahead of the server's time is accepted.
        bool isEarly = !proof.Anchor.FromNonce && proof.Iat - now > DPoPProofPolicy.FutureWindow;
        if (!isOver && !isOld && !isEarly)
            return null;
        VerificationFailure failure = isEarly ? VerificationFailure.ProofFromFuture : VerificationFailure.ProofExpired;
        string expected = $"iat within {DPoPProofPolicy.PastWindow.TotalSeconds} s before and {DPoPProofPolicy.FutureWindow.TotalSeconds} s after {now:O}";
        string seen = isOver ? $"exp {claims.Exp.Time:O}" : $"iat {proof.Iat:O}, {(now - proof.Iat).TotalSeconds:F0} s old";
        // The only fault is the client's clock: recorded as such, answered with a nonce, which forgives clocks.
        return _nonces is not null && !isOver ? Challenge(failure, expected, seen, proof) : Refuse(failure, expected, seen, proof);
    }

    private static ProofOutcome RefuseTarget(IReadOnlyList<HttpTarget> targets, HttpTarget seen, DPoPProof proof)
    {
        if (targets.Count == 0)
            return Refuse(VerificationFailure.TargetUnknown, "a request within a declared public origin", seen.Canonical, proof);
        string difference = HttpTarget.Difference(targets[0], seen) ?? "target";
        return Refuse(VerificationFailure.TargetMismatch, string.Join(" or ", targets), $"{seen} ({difference} differs)", proof);
    }

    private static bool TryDecode(ReadOnlySpan<char> text, scoped ref Span<byte> buffer, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (!StrictBase64Url.TryDecode(text, buffer, out int written))
            return false;
        decoded = Take(ref buffer, written);
        return true;
    }

    private static Span<byte> Take(scoped ref Span<byte> buffer, int length)
    {
        Span<byte> taken = buffer[..length];
        buffer = buffer[length..];
        return taken;
    }

    // A challenge is answered with a nonce, whatever is recorded; it consumes nothing.
    private ProofOutcome Challenge(VerificationFailure recorded, string expected, string seen, DPoPProof proof)
    {
        // DPOP-V-32: without a nonce to offer the caller could only fail again; the fault is ours.
        if (_nonces!.Current is not { } nonce)
            return Refuse(VerificationFailure.ReplayStoreUnavailable, "a nonce to offer", "none", proof);
        VerificationFailure answered = recorded is VerificationFailure.NonceStale or VerificationFailure.NonceUnknown ? recorded : VerificationFailure.NonceMissing;
        return new ProofOutcome(proof, new Refusal(recorded, expected, seen), answered, nonce);
    }

    private static ProofOutcome Refuse(VerificationFailure failure, string? expected, string? seen, DPoPProof? proof = null) =>
        new(proof, new Refusal(failure, expected, seen), failure, null);
}
