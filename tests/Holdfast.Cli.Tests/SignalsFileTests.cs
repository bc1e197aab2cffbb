using Holdfast.AspNetCore;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Tests;

public sealed class SignalsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Keeps_one_full_file_besides_the_current_one()
    {
        string path = _folder.At("signals.jsonl");
        using var file = new SignalsFile(path, limit: 2000);
        for (int i = 0; i < 50; i++)
            file.Observed(Signal());

        new FileInfo(path).Length.ShouldBeInRange(1, 2000);
        new FileInfo(path + ".1").Length.ShouldBeInRange(1, 2000);
        Directory.EnumerateFiles(_folder.Path).Count().ShouldBe(2);
        File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void Can_be_followed_while_it_is_written()
    {
        string path = _folder.At("signals.jsonl");
        using var file = new SignalsFile(path);
        file.Observed(Signal());

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        reader.ReadToEnd().ShouldEndWith("}\n");
    }

    [Fact]
    public void Tells_what_is_recorded_apart_from_what_is_answered()
    {
        SignalLine line = SignalLine.From(Signal() with
        {
            Failure = FailureCatalog.Get(VerificationFailure.ProofExpired),
            Answered = FailureCatalog.Get(VerificationFailure.NonceMissing),
        });

        line.Failure.ShouldBe("proof_expired");
        line.Severity.ShouldBe("clock");
        line.Answered.ShouldBe("nonce_missing");
        line.WireError.ShouldBe("use_dpop_nonce");
    }

    [Fact]
    public void Tells_what_observe_mode_let_through()
    {
        SignalLine line = SignalLine.From(Signal() with { Refused = false });

        line.Accepted.ShouldBeTrue();
        line.WireError.ShouldBeNull();
        SignalPrinter.Describe(line).ShouldContain("let through");
    }

    private static VerificationSignal Signal() => new()
    {
        Failure = FailureCatalog.Get(VerificationFailure.ProofReplayed),
        Answered = FailureCatalog.Get(VerificationFailure.ProofReplayed),
        Refused = true,
        Role = VerifierRole.ResourceServer,
        Resource = "orders",
        Time = DateTimeOffset.UnixEpoch,
        Method = "GET",
        Path = "/orders",
    };
}
