namespace Holdfast.Conformance.Tests;

public sealed class DrillTests
{
    [Fact]
    public async Task Every_attack_fails_where_nothing_is_weak_and_succeeds_at_the_bearer_API()
    {
        await using var world = await WeakWorld.StartAsync();
        List<DrillRow> reported = [];

        var result = await Drill.RunAsync(world.Target, world.Options, new Collector(reported));

        result.Where(row => !row.Passed).Select(row => row.Attack).ShouldBeEmpty();
        result.Passed.ShouldBeTrue();
        result.ShouldAllBe(row => row.Signalled == true && row.Failure != null);
        reported.ShouldBe(result);
        // A bearer API has no defence against whoever holds the token; it only refuses tokens it does not look for.
        result.Where(row => row.BearerApi is { Outcome: not DrillAnswer.LetIn }).Select(row => row.Attack)
            .ShouldBe(["token_in_query", "two_authorization_lines"]);
        result.Where(row => row.BearerApi is null).Select(row => row.Attack)
            .ShouldBe([
                "captured_assertion_again", "token_request_without_proof",
                "mtls_token_request_without_certificate", "mtls_token_request_other_certificate", "mtls_token_request_forged_header",
            ]);
        result.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_failures_are_those_that_the_attacks_are_about()
    {
        await using var world = await WeakWorld.StartAsync();
        var failures = (await Drill.RunAsync(world.Target, world.Options)).ToDictionary(row => row.Attack, row => row.Failure);

        failures["token_as_bearer"].ShouldBe("bound_token_as_bearer");
        failures["proof_by_thief"].ShouldBe("key_mismatch");
        failures["captured_proof_again"].ShouldBe("proof_replayed");
        failures["captured_proof_other_url"].ShouldBe("target_mismatch");
        failures["captured_proof_other_method"].ShouldBe("method_mismatch");
        failures["proof_after_window"].ShouldBe("proof_expired");
        failures["altered_ath"].ShouldBe("proof_signature_invalid");
        failures["altered_iat"].ShouldBe("proof_signature_invalid");
        failures["two_proofs"].ShouldBe("proof_repeated");
        failures["signed_over_victims_key"].ShouldBe("proof_signature_invalid");
        failures["proof_for_other_token"].ShouldBe("token_hash_mismatch");
        failures["certificate_token_without_certificate"].ShouldBe("certificate_missing");
        failures["certificate_token_other_certificate"].ShouldBe("certificate_mismatch");
        failures["certificate_token_plain_listener"].ShouldBe("certificate_missing");
        failures["certificate_token_as_dpop"].ShouldBe("unbound_token_with_dpop");
        failures["dpop_token_by_certificate"].ShouldBe("bound_token_as_bearer");
        failures["forged_certificate_header"].ShouldBe("certificate_header_untrusted");
        failures["forged_certificate_header_other_certificate"].ShouldBe("certificate_header_untrusted");
        failures["forged_certificate_header_plain_listener"].ShouldBe("certificate_header_untrusted");
        failures["both_bound_without_proof"].ShouldBe("bound_token_as_bearer");
        failures["both_bound_proof_by_thief"].ShouldBe("key_mismatch");
        failures["both_bound_without_certificate"].ShouldBe("certificate_missing");
        failures["both_bound_other_certificate"].ShouldBe("certificate_mismatch");
        failures["mtls_token_request_without_certificate"].ShouldBe("client_certificate_missing");
        failures["mtls_token_request_other_certificate"].ShouldBe("client_certificate_mismatch");
        failures["mtls_token_request_forged_header"].ShouldBe("certificate_header_untrusted");
    }

    [Theory]
    [InlineData(Weakness.AcceptsBearer, "token_as_bearer", "dpop_token_by_certificate", "both_bound_without_proof")]
    [InlineData(Weakness.AcceptsTokenInQuery, "token_in_query")]
    [InlineData(Weakness.TakesFirstAuthorization, "two_authorization_lines")]
    [InlineData(Weakness.ProofIsOptional, "token_without_proof", "both_bound_without_proof")]
    [InlineData(Weakness.TakesFirstProof, "two_proofs")]
    [InlineData(Weakness.AcceptsAlgNone, "alg_none")]
    [InlineData(Weakness.AcceptsHs256, "hs256_with_public_key")]
    [InlineData(Weakness.AcceptsPrivateKey | Weakness.NoBinding, "proof_by_thief", "jwk_with_private_members", "both_bound_proof_by_thief")]
    [InlineData(Weakness.NoMethodCheck, "captured_proof_other_method")]
    [InlineData(Weakness.NoTargetCheck, "captured_proof_other_url")]
    [InlineData(Weakness.NoWindow, "proof_after_window")]
    [InlineData(Weakness.NoAthCheck, "proof_for_other_token")]
    [InlineData(Weakness.NoBinding, "proof_by_thief", "both_bound_proof_by_thief")]
    [InlineData(
        Weakness.NoSignatureCheck,
        "altered_ath", "altered_htu", "altered_iat", "alg_none", "signed_over_victims_key", "altered_htm", "altered_jti")]
    [InlineData(
        Weakness.NoReplayCheck,
        "captured_proof_again", "captured_proof_50_parallel", "intercepted_proof_50_parallel", "captured_proof_other_signature", "captured_proof_respelled_url")]
    [InlineData(Weakness.RacyReplayCheck, "intercepted_proof_50_parallel")]
    [InlineData(Weakness.ReplayBySpelling, "captured_proof_respelled_url")]
    [InlineData(Weakness.AcceptsAssertionTwice, "captured_assertion_again")]
    [InlineData(Weakness.IssuesUnbound, "token_request_without_proof")]
    [InlineData(Weakness.BreaksOnTwoProofs, "two_proofs")]
    // MTLS-24, MTLS-25
    [InlineData(
        Weakness.NoCertificateCheck,
        "certificate_token_without_certificate", "certificate_token_other_certificate", "certificate_token_plain_listener",
        "forged_certificate_header", "forged_certificate_header_other_certificate", "forged_certificate_header_plain_listener",
        "both_bound_without_certificate", "both_bound_other_certificate")]
    [InlineData(
        Weakness.CertificateIsOptional,
        "certificate_token_without_certificate", "certificate_token_plain_listener",
        "forged_certificate_header", "forged_certificate_header_plain_listener", "both_bound_without_certificate")]
    [InlineData(Weakness.NoCertificateCheckOnPlainListener, "certificate_token_plain_listener", "forged_certificate_header_plain_listener")]
    [InlineData(
        Weakness.CertificateByName,
        "certificate_token_other_certificate", "forged_certificate_header_other_certificate", "both_bound_other_certificate")]
    [InlineData(Weakness.CertificateByChain, "certificate_token_other_certificate", "both_bound_other_certificate")]
    // FWD-20, FWD-21
    [InlineData(
        Weakness.BelievesCertificateField,
        "forged_certificate_header", "forged_certificate_header_other_certificate", "forged_certificate_header_plain_listener")]
    [InlineData(
        Weakness.BelievesUnderscores,
        "forged_certificate_header", "forged_certificate_header_other_certificate", "forged_certificate_header_plain_listener")]
    // DPOP-RS-03, DPOP-RS-04
    [InlineData(Weakness.AcceptsCertificateTokenByDPoP, "certificate_token_as_dpop")]
    [InlineData(Weakness.CertificateReplacesProof, "dpop_token_by_certificate", "both_bound_without_proof")]
    // DPOP-RS-23
    [InlineData(Weakness.CertificateIsEnough, "both_bound_without_proof", "both_bound_proof_by_thief")]
    [InlineData(Weakness.ProofIsEnough, "both_bound_without_certificate", "both_bound_other_certificate")]
    // MTLS-01, MTLS-04, MTLS-06
    [InlineData(
        Weakness.IssuerNeedsNoCertificate,
        "mtls_token_request_without_certificate", "mtls_token_request_other_certificate", "mtls_token_request_forged_header")]
    [InlineData(Weakness.IssuerComparesNames, "mtls_token_request_other_certificate")]
    [InlineData(Weakness.IssuerTrustsTheAuthorityAlone, "mtls_token_request_other_certificate")]
    [InlineData(Weakness.IssuerBelievesCertificateField, "mtls_token_request_forged_header")]
    public async Task A_weak_API_fails_exactly_the_attacks_it_is_weak_against(Weakness weakness, params string[] attacks)
    {
        await using var world = await WeakWorld.StartAsync(weakness);

        var result = await Drill.RunAsync(world.Target, world.Options);

        result.Where(row => !row.Passed).Select(row => row.Attack).ShouldBe(attacks);
        result.Passed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_error_is_neither_a_refusal_nor_a_way_in()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.BreaksOnTwoProofs);
        var row = (await Drill.RunAsync(world.Target, world.Options)).Single(row => row.Attack == "two_proofs");
        (row.Holdfast.Status, row.Holdfast.Outcome).ShouldBe((500, DrillAnswer.Broke));
    }

    [Fact]
    public async Task Of_an_intercepted_proof_exactly_one_copy_gets_in()
    {
        await using var world = await WeakWorld.StartAsync();
        var result = await Drill.RunAsync(world.Target, world.Options);
        var rows = result.ToDictionary(row => row.Attack, row => (row.Holdfast.Attempts, row.Holdfast.Accepted));
        rows["captured_proof_50_parallel"].ShouldBe((20, 0));
        rows["intercepted_proof_50_parallel"].ShouldBe((20, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_and_thief_both_answer_nonce_challenges(bool wait)
    {
        await using var world = await WeakWorld.StartAsync(Weakness.AlwaysNonce);

        var result = await Drill.RunAsync(world.Target, world.Options with { WaitForWindow = wait });

        result.Where(row => !row.Passed).Select(row => row.Attack).ShouldBeEmpty();
        var failures = result.ToDictionary(row => row.Attack, row => row.Failure);
        failures["proof_by_thief"].ShouldBe("key_mismatch");
        failures["altered_iat"].ShouldBe("proof_signature_invalid");
        var late = result.Single(row => row.Attack == "proof_after_window");
        late.Failure.ShouldBe(wait ? "proof_expired" : "nonce_missing");
        (late.Note is null).ShouldBe(wait);
    }

    [Fact]
    public async Task A_refusal_without_a_signal_is_reported_as_one()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.SaysNothing);
        var result = await Drill.RunAsync(world.Target, world.Options);
        result.ShouldAllBe(row => row.Signalled == false && row.Failure == null);
        result.Passed.ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_file_of_signals_nothing_is_said_about_them()
    {
        await using var world = await WeakWorld.StartAsync();
        var result = await Drill.RunAsync(world.Target with { Signals = null }, world.Options);
        result.ShouldAllBe(row => row.Signalled == null);
    }

    [Fact]
    public async Task Without_a_client_with_a_certificate_its_attacks_are_left_out_and_that_is_said()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.HasNoCertificates);
        var result = await Drill.RunAsync(world.Target, world.Options);
        result.ShouldNotContain(row => row.Attack.Contains("certificate") || row.Attack.Contains("both") || row.Attack.Contains("mtls"));
        result.Count.ShouldBe(28);
        result.Notes.ShouldHaveSingleItem().ShouldContain("mtls_certificate_pem");
    }

    [Fact]
    public async Task Where_no_token_is_bound_to_both_its_attacks_are_left_out_and_that_is_said()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.GivesNoTokenForBoth);
        var result = await Drill.RunAsync(world.Target, world.Options);
        result.ShouldNotContain(row => row.Attack.StartsWith("both_bound"));
        result.ShouldContain(row => row.Attack == "certificate_token_without_certificate");
        result.Notes.ShouldHaveSingleItem().ShouldContain("401 invalid_client");
    }

    [Fact]
    public async Task A_target_that_names_half_a_client_with_a_certificate_gives_no_report()
    {
        await using var world = await WeakWorld.StartAsync();
        var failure = await Should.ThrowAsync<DrillFailedException>(() => Drill.RunAsync(world.Target with { MtlsKeyPem = null }, world.Options));
        failure.Message.ShouldContain("mtls_key_pem is missing");
    }

    [Fact]
    public async Task An_issuer_that_binds_nothing_to_the_certificate_gives_no_report()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.IssuesUnboundToCertificate);
        var failure = await Should.ThrowAsync<DrillFailedException>(() => Drill.RunAsync(world.Target, world.Options));
        failure.Message.ShouldContain("not bound to the certificate");
    }

    [Fact]
    public async Task A_server_of_an_unknown_authority_gives_no_report()
    {
        await using var world = await WeakWorld.StartAsync();
        var failure = await Should.ThrowAsync<DrillFailedException>(() => Drill.RunAsync(world.Target with { CaPem = null }, world.Options));
        failure.Message.ShouldContain("got no token");
    }

    // A proxy that ends TLS is all there is to attack: no listener without it.
    [Fact]
    public async Task An_API_over_TLS_alone_is_attacked_there()
    {
        await using var world = await WeakWorld.StartAsync();
        var result = await Drill.RunAsync(world.Target with { Resource = world.Target.MtlsResource! }, world.Options);

        result.Where(row => !row.Passed).Select(row => row.Attack).ShouldBeEmpty();
        result.ShouldAllBe(row => row.Signalled == true);
        result.Count.ShouldBe(41);
        result.ShouldNotContain(row => row.Attack.EndsWith("plain_listener"));
        var failures = result.ToDictionary(row => row.Attack, row => row.Failure);
        failures["captured_proof_again"].ShouldBe("proof_replayed");
        failures["captured_proof_other_url"].ShouldBe("target_mismatch");
    }

    // A proxy that verifies certificates ends TLS with an alert: nobody got in, and nobody could say why in HTTP.
    [Fact]
    public async Task An_end_of_TLS_is_a_refusal()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.EndsTlsOnForeignCertificates | Weakness.CertificateByName);
        var result = await Drill.RunAsync(world.Target, world.Options);
        var row = result.Single(row => row.Attack == "both_bound_other_certificate");
        (row.Holdfast.Outcome, row.Passed).ShouldBe((DrillAnswer.Refused, true));
    }

    // What a proxy in front refuses as malformed, it refuses to everybody.
    [Fact]
    public async Task A_bare_400_is_a_refusal_where_a_worthless_token_gets_it_too()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.MalformedToProxy);
        var row = (await Drill.RunAsync(world.Target, world.Options)).Single(row => row.Attack == "two_authorization_lines");
        (row.Holdfast.Status, row.Holdfast.Outcome, row.Passed).ShouldBe((400, DrillAnswer.Refused, true));
    }

    [Fact]
    public async Task An_API_that_refuses_the_honest_call_gives_no_report()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.RefusesEverybody);
        var failure = await Should.ThrowAsync<DrillFailedException>(() => Drill.RunAsync(world.Target, world.Options));
        failure.Message.ShouldBe($"the honest call GET {world.Target.Resource}/orders was refused with 401 invalid_dpop_proof");
    }

    [Fact]
    public async Task An_issuer_that_binds_nothing_gives_no_report()
    {
        await using var world = await WeakWorld.StartAsync(Weakness.IssuesBearerTokens);
        var failure = await Should.ThrowAsync<DrillFailedException>(() => Drill.RunAsync(world.Target, world.Options));
        failure.Message.ShouldBe("the issuer gave a token that is not bound: token_type is not DPoP");
    }

    [Fact]
    public async Task Nothing_at_the_issuers_address_gives_no_report()
    {
        await using var world = await WeakWorld.StartAsync();
        var target = world.Target with { Issuer = "http://127.0.0.1:1" };
        var failure = await Should.ThrowAsync<DrillFailedException>(() => Drill.RunAsync(target, world.Options));
        failure.Message.ShouldBe("nothing answers at http://127.0.0.1:1/.well-known/oauth-authorization-server");
    }

    [Fact]
    public async Task Cancellation_ends_a_drill()
    {
        await using var world = await WeakWorld.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var afterFirst = new Callback(_ => cancellation.Cancel());
        await Should.ThrowAsync<OperationCanceledException>(() => Drill.RunAsync(world.Target, world.Options, afterFirst, cancellation.Token));
    }

    [Fact]
    public async Task The_report_holds_no_whole_token_unless_asked()
    {
        await using var world = await WeakWorld.StartAsync();
        var quiet = await Drill.RunAsync(world.Target, world.Options);
        var open = await Drill.RunAsync(world.Target, world.Options with { ShowTokens = true });

        (DrillJson.Write(quiet) + quiet.Evidence).ShouldNotMatch("eyJ[A-Za-z0-9_-]{16,}");
        open.Evidence.Request.ShouldMatch("DPoP: eyJ[A-Za-z0-9_-]{16,}");
        open.Evidence.LogLine.ShouldMatch("authorization=\"DPoP eyJ[A-Za-z0-9_-]{16,}");
    }

    private sealed class Collector(List<DrillRow> rows) : IProgress<DrillRow>
    {
        public void Report(DrillRow value) => rows.Add(value);
    }

    private sealed class Callback(Action<DrillRow> action) : IProgress<DrillRow>
    {
        public void Report(DrillRow value) => action(value);
    }
}
