namespace Holdfast.Conformance.Tests;

public sealed class ReportTests
{
    [Fact]
    public void A_row_is_written_in_snake_case_with_every_member()
    {
        var row = new DrillRow
        {
            Attack = "token_as_bearer",
            Description = "the stolen token, presented as a bearer token",
            BearerApi = new DrillAnswer { Status = 200, Error = null, Outcome = DrillAnswer.LetIn, Attempts = 1, Accepted = 1 },
            Holdfast = new DrillAnswer { Status = 401, Error = "invalid_token", Outcome = DrillAnswer.Refused, Attempts = 1, Accepted = 0 },
            Failure = "bound_token_as_bearer",
            Severity = "suspicious",
            Signalled = true,
            Passed = true,
        };

        DrillJson.Write([row]).ReplaceLineEndings("\n").ShouldBe("""
            [
              {
                "attack": "token_as_bearer",
                "description": "the stolen token, presented as a bearer token",
                "bearer_api": {
                  "status": 200,
                  "error": null,
                  "outcome": "let in",
                  "attempts": 1,
                  "accepted": 1
                },
                "holdfast": {
                  "status": 401,
                  "error": "invalid_token",
                  "outcome": "refused",
                  "attempts": 1,
                  "accepted": 0
                },
                "failure": "bound_token_as_bearer",
                "severity": "suspicious",
                "signalled": true,
                "passed": true,
                "note": null,
                "evidence": null
              }
            ]
            """.ReplaceLineEndings("\n"));
    }
}
