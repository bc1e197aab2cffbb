using System.Net;

namespace Holdfast.Issuer.Tests;

/// <summary>What tests expect of answers.</summary>
public static class AnswerAssertions
{
    public static string ShouldBeToken(this TokenAnswer answer)
    {
        answer.Error.ShouldBeNull();
        answer.Status.ShouldBe(HttpStatusCode.OK);
        return answer.Token.ShouldNotBeNull();
    }

    /// <summary>The failure is recorded once, and answered with this wire error and status.</summary>
    public static void ShouldRefuse(this IssuerHost issuer, TokenAnswer answer, VerificationFailure failure, string error,
        HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        answer.Error.ShouldBe(error);
        answer.Status.ShouldBe(status);
        answer.Token.ShouldBeNull();
        answer.Member("error_description").ShouldNotBeNullOrEmpty();
        issuer.Log.Failures[^1].ShouldBe(FailureCatalog.Get(failure).Name);
    }
}
