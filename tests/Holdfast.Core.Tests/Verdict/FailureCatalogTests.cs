namespace Holdfast.Core.Tests;

public class FailureCatalogTests
{
    public static TheoryData<VerificationFailure> Failures => [.. Enum.GetValues<VerificationFailure>()];

    [Theory]
    [MemberData(nameof(Failures))]
    public void Every_failure_has_a_complete_row(VerificationFailure failure)
    {
        FailureInfo info = FailureCatalog.Get(failure);
        info.Failure.ShouldBe(failure);
        info.Name.ShouldMatch("^[a-z]+(_[a-z]+)*$");
        info.ResourceStatus.ShouldBeOneOf(400, 401, 403, 500, 503);
        info.IssuerStatus.ShouldBeOneOf(400, 401, 403, 500, 503);
        info.Section.ShouldStartWith("RFC ");
        foreach (string text in new[] { info.Description, info.Cause, info.Fix })
            text.ShouldNotBeNullOrWhiteSpace();
        // What goes into a quoted string on the wire: RFC 6750 §3, no quotes, no backslash.
        info.Description.ShouldMatch(@"^[\x20-\x21\x23-\x5B\x5D-\x7E]+$");
    }

    [Fact]
    public void Every_row_is_listed_once_in_the_order_of_the_numbers() =>
        FailureCatalog.All.Select(row => row.Failure).ShouldBe(Enum.GetValues<VerificationFailure>().Order());

    [Fact]
    public void Names_are_unique_and_spell_dpop_as_one_word()
    {
        FailureCatalog.All.Select(row => row.Name).Distinct().Count().ShouldBe(FailureCatalog.All.Count);
        FailureCatalog.Get(VerificationFailure.UnboundTokenWithDPoP).Name.ShouldBe("unbound_token_with_dpop");
    }

    [Fact]
    public void Zero_and_unknown_numbers_are_refusals()
    {
        default(VerificationFailure).ShouldBe(VerificationFailure.Unspecified);
        FailureCatalog.Get((VerificationFailure)9999).Failure.ShouldBe(VerificationFailure.Unspecified);
    }

    // DPOP-RS-13, DPOP-AS-03, DPOP-AS-21
    [Fact]
    public void Wire_codes_follow_rfc_9449()
    {
        foreach (FailureInfo row in FailureCatalog.All.Where(row => row.WireError == "use_dpop_nonce"))
            (row.ResourceStatus, row.IssuerStatus, row.Severity).ShouldBe((401, 400, FailureSeverity.Expected));
        foreach (FailureInfo row in FailureCatalog.All.Where(row => row.WireError == "invalid_dpop_proof" && row.Failure != VerificationFailure.BindingRequired))
            (row.ResourceStatus, row.IssuerStatus).ShouldBe((401, 400));
        FailureCatalog.Get(VerificationFailure.KeyMismatch).WireError.ShouldBe("invalid_token");
        FailureCatalog.Get(VerificationFailure.TokenHashMismatch).WireError.ShouldBe("invalid_dpop_proof");
    }
}
