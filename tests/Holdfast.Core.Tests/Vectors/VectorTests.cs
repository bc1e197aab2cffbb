using Holdfast.Testing.Vectors;

namespace Holdfast.Core.Tests.Vectors;

/// <summary>Every file of <c>vectors/</c> through the one verifier.</summary>
public sealed class VectorTests
{
    // Why no vector can show these.
    private static readonly Dictionary<VerificationFailure, string> NotShown = new()
    {
        [VerificationFailure.TargetUnknown] = "depends on a server that has not declared its origins, which is no property of a request",
        [VerificationFailure.ProxyUntrusted] = "depends on who may reach the guard; the guard's own tests",
        [VerificationFailure.OriginalRequestIncomplete] = "is about what a proxy tells the guard beside the request; the guard's own tests",
        [VerificationFailure.RouteUnknown] = "depends on the guard's routes; the guard's own tests",
        [VerificationFailure.TokenRejected] = "is the word of an application's own token handler; the tests of the JwtBearer door",
        [VerificationFailure.ConfirmationUnreadable] = "depends on what an application keeps of its tokens; the tests of the JwtBearer door",
        [VerificationFailure.ScopeInsufficient] = "depends on the guard's routes; the guard's own tests",
        [VerificationFailure.CertificateHeaderUntrusted] = "is signalled beside the verdict, and the request is judged without the field; the door's own tests",
        [VerificationFailure.ContextMissing] = "is about requests behind the guard; the upstream's own tests",
        [VerificationFailure.ContextInvalid] = "is about requests behind the guard; the upstream's own tests",
        [VerificationFailure.ContextMismatch] = "is about requests behind the guard; the upstream's own tests",
        [VerificationFailure.ContextReplayed] = "is about requests behind the guard; the upstream's own tests",
        [VerificationFailure.VerifierOverloaded] = "depends on what else the node has to do; the doors' own tests",
        [VerificationFailure.ContextKeysUnavailable] = "is about requests behind the guard; the upstream's own tests",
    };

    public static TheoryData<string> Names => [.. VectorFiles.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Decides_as_the_vector_expects(string name)
    {
        TestVector vector = VectorFiles.All[name];
        var runner = new CoreVectorRunner(vector);
        foreach (VectorPrevious earlier in vector.Policy.Previous ?? [])
            (await runner.RunAsync(earlier.Now, earlier.Request)).Expect.ShouldBe(earlier.Expect, "before");
        (await runner.RunAsync(vector.Now, vector.Request)).ShouldBe(vector.Outcome);
    }

    [Fact]
    public void There_are_at_least_800_vectors() => VectorFiles.All.Count.ShouldBeGreaterThanOrEqualTo(800);

    [Theory]
    [InlineData("certificate-headers", 200)]
    [InlineData("mtls", 50)]
    public void There_are_many_vectors_about_certificates(string folder, int count) =>
        VectorFiles.All.Keys.Count(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).ShouldBeGreaterThanOrEqualTo(count);

    // FWD-20, FWD-40
    [Fact]
    public void Every_format_is_read_found_empty_and_refused_by_a_vector()
    {
        foreach (string format in ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf))
        {
            string[] expected = [.. VectorFiles.All.Values.Where(vector => vector.Policy.ForwardedCertificate?.Format == format).Select(vector => vector.Expect)];
            foreach (string outcome in new[] { "accepted", "certificate_missing", "certificate_mismatch", "certificate_header_unreadable" })
                expected.ShouldContain(outcome, format);
        }
    }

    [Fact]
    public void A_vector_is_named_like_its_file_and_says_what_it_is_for()
    {
        foreach (TestVector vector in VectorFiles.All.Values)
        {
            vector.Name.Split('/')[1].ShouldBe(vector.Id);
            vector.Spec.ShouldNotBeEmpty(vector.Name);
            vector.Description.ShouldNotBeEmpty(vector.Name);
        }
        VectorFiles.All.Values.Select(vector => vector.Id).ShouldBeUnique();
    }

    [Fact]
    public void Every_expectation_is_a_failure_of_the_catalog()
    {
        string[] names = ["accepted", .. FailureCatalog.All.Select(failure => failure.Name)];
        foreach (TestVector vector in VectorFiles.All.Values)
            names.ShouldContain(vector.Expect, vector.Name);
    }

    [Fact]
    public void Every_failure_of_a_request_token_binding_proof_or_replay_is_expected_by_a_vector()
    {
        HashSet<string> expected = [.. VectorFiles.All.Values.Select(vector => vector.Expect)];
        FailureCatalog.All
            .Where(row => (int)row.Failure is >= 100 and < 600 && !NotShown.ContainsKey(row.Failure) && !expected.Contains(row.Name))
            .Select(row => row.Name).ShouldBeEmpty();
        NotShown.Keys.Where(failure => expected.Contains(FailureCatalog.Get(failure).Name)).ShouldBeEmpty();
    }

    // Rows of the requirements that no single request can show.
    private static readonly Dictionary<string, string> NotOfOneRequest = new(StringComparer.Ordinal)
    {
        ["DPOP-V-14"] = "leaves the order of the checks free",
        ["DPOP-RS-11"] = "the challenge's algs; asserted over every 401 in the door's run",
        ["DPOP-RS-12"] = "optional parameters of the challenge",
        ["DPOP-RS-15"] = "which challenge carries the error; the door's own tests",
        ["DPOP-RS-16"] = "which challenges are offered; the door's own tests",
        ["DPOP-RS-18"] = "CORS; the door's own tests",
        ["DPOP-RS-21"] = "nonces in answers to accepted requests; the door's own tests",
        ["DPOP-RS-26"] = "advice about bodies",
        ["DPOP-RS-27"] = "long-lived responses",
        ["DPOP-RS-29"] = "no-store; asserted over every challenge in the door's run",
        ["DPOP-RS-30"] = "logging; the door's own tests",
    };

    [Fact]
    public void Every_requirement_that_a_request_can_show_is_cited_by_a_vector()
    {
        HashSet<string> cited = [.. VectorFiles.All.Values.SelectMany(vector => vector.Spec)];
        // MTLS and FWD have more rows; the others are about issuers, clients, proxies and the guard.
        int[] mutualTls = [20, 23, 24, 25, 26, 27, 40, 44];
        int[] forwarded = [.. Enumerable.Range(1, 5), 9, 10, .. Enumerable.Range(20, 5), .. Enumerable.Range(26, 11), .. Enumerable.Range(38, 5)];
        IEnumerable<string> rows = [.. mutualTls.Select(n => $"MTLS-{n:D2}"), .. forwarded.Select(n => $"FWD-{n:D2}"), .. Enumerable.Range(1, 40).Select(n => $"DPOP-V-{n:D2}"), .. Enumerable.Range(1, 30).Select(n => $"DPOP-RS-{n:D2}")];
        rows.Where(row => cited.Contains(row) == NotOfOneRequest.ContainsKey(row)).ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_member_fails_the_run()
    {
        byte[] json = File.ReadAllBytes(Path.Combine(VectorFiles.Root, "dpop-proof", "proof-is-good.json"));
        string text = System.Text.Encoding.UTF8.GetString(json);
        Should.NotThrow(() => TestVector.Parse("x", json));
        Should.Throw<System.Text.Json.JsonException>(() => TestVector.Parse("x", System.Text.Encoding.UTF8.GetBytes(text.Replace("\"now\":", "\"noww\": 1, \"now\":", StringComparison.Ordinal))));
        Should.Throw<System.Text.Json.JsonException>(() => TestVector.Parse("x", System.Text.Encoding.UTF8.GetBytes(text.Replace("\"nonceMode\":", "\"nonceMod\": 1, \"nonceMode\":", StringComparison.Ordinal))));
    }
}
