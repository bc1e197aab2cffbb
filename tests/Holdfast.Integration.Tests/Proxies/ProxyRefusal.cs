namespace Holdfast.Integration.Tests;

/// <summary>What a refusal looks like through a proxy: as documented for the failure, and signalled.</summary>
internal static class ProxyRefusal
{
    /// <summary>One of <paramref name="failures"/>, with its status and wire error, and never a word of the API or the upstream.</summary>
    public static async Task ShouldBeRefusedAsync(this ProxyAnswer answer, ProxyGround ground, ProxyProcess proxy, ProxyShape shape, string segment, params VerificationFailure[] failures)
    {
        answer.Status.ShouldNotBe(200, $"{answer}\n{ground.Logs(proxy)}");
        string[] names = [.. failures.Select(failure => FailureCatalog.Get(failure).Name)];
        string[] signalled = await ground.Signals(shape).WaitForAnyAsync(segment, names);
        FailureInfo failure = failures.Select(FailureCatalog.Get).First(info => signalled.Contains(info.Name));

        answer.Status.ShouldBe(failure.ResourceStatus, $"{failure.Name}\n{answer}\n{ground.Logs(proxy)}");
        answer.Error.ShouldBe(failure.WireError, answer.ToString());
        // Nothing that only the operator should read, and no answer from behind.
        answer.Fields.ShouldNotContain(field => field.Name.StartsWith("Holdfast-", StringComparison.OrdinalIgnoreCase), answer.ToString());
        answer.Text.ShouldNotContain("\"fields\"");
    }
}
