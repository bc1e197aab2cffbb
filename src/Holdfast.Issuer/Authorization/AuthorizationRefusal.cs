namespace Holdfast.Issuer;

/// <summary>Why an authorization request is refused.</summary>
/// <param name="Refusal">What is recorded.</param>
/// <param name="Error">The <c>error</c> that is answered, where the failure has no code of its own; null: the failure's.</param>
internal sealed record AuthorizationRefusal(Refusal Refusal, string? Error = null)
{
    /// <summary>The <c>error</c> of RFC 6749 §4.1.2.1 and its successors.</summary>
    public string WireError => Error ?? FailureCatalog.Get(Refusal.Failure).WireError ?? "invalid_request";

    public static AuthorizationRefusal Of(VerificationFailure failure, string? expected = null, string? seen = null) => new(new Refusal(failure, expected, seen));
}
