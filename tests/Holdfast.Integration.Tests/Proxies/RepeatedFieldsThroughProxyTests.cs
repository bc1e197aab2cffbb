namespace Holdfast.Integration.Tests;

/// <summary>A second proof or token is seen behind every proxy, in lines of its own or behind a comma, and refused.</summary>
[Collection(ProxyTests.Name)]
public sealed class RepeatedFieldsThroughProxyTests(ProxyGround ground)
{
    private static IEnumerable<object[]> Ways => [["1.1", "two lines"], ["1.1", "a comma"], ["2", "two lines"], ["2", "a comma"]];

    // DPOP-V-01, FWD-63
    [Theory, ThroughEachProxy(Cases = nameof(Ways))]
    public async Task Refuses_two_proofs(string through, ProxyShape shape, string http, string way)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string path = $"/orders/{ProxyRequest.NewSegment()}";
        string first = caller.Proof(proxy, path), second = caller.Proof(proxy, path);
        string[] proofs = way == "a comma" ? [$"DPoP: {first}, {second}"] : [$"DPoP: {first}", $"DPoP: {second}"];

        ProxyAnswer answer = await SendAsync(proxy, http, path, [$"Authorization: DPoP {caller.Token}", .. proofs]);

        await answer.ShouldBeRefusedAsync(ground, proxy, shape, Segment(path), VerificationFailure.ProofRepeated, VerificationFailure.ProofMalformed);
    }

    // DPOP-RS-07: nginx refuses two lines itself.
    [Theory, ThroughEachProxy(Cases = nameof(Ways))]
    public async Task Refuses_two_tokens(string through, ProxyShape shape, string http, string way)
    {
        ProxyProcess proxy = await ground.ThroughAsync(through, shape);
        var caller = new ProxyCaller(ground, "jkt");
        string path = $"/orders/{ProxyRequest.NewSegment()}", token = $"DPoP {caller.Token}";
        string[] tokens = way == "a comma" ? [$"Authorization: {token}, {token}"] : [$"Authorization: {token}", $"Authorization: {token}"];

        ProxyAnswer answer = await SendAsync(proxy, http, path, [.. tokens, $"DPoP: {caller.Proof(proxy, path)}"]);

        if (through == "nginx" && way == "two lines")
        {
            answer.Status.ShouldBe(400, answer.ToString());
            answer.Challenges.ShouldBeEmpty();
            return;
        }
        await answer.ShouldBeRefusedAsync(ground, proxy, shape, Segment(path), VerificationFailure.AuthorizationRepeated, VerificationFailure.AuthorizationMalformed);
    }

    private Task<ProxyAnswer> SendAsync(ProxyProcess proxy, string http, string path, string[] fields) => http == "2"
        ? ProxyRaw.SendOverHttp2Async(ground, proxy, path, fields)
        : ProxyRaw.SendAsync(ground, proxy, null, [$"GET {path} HTTP/1.1", $"Host: localhost:{proxy.Port}", .. fields]);

    private static string Segment(string path) => path.Split('/')[^1];
}
