namespace Holdfast.Guard.Tests.Proxies;

/// <summary>Envoy and Traefik are not available here: what they are documented to ask, with the source in each file.</summary>
public sealed class DocumentedShapeTests(DocumentedShapeTests.Shared shared) : IClassFixture<DocumentedShapeTests.Shared>
{
    private TestGuard Guard => shared.Guard;

    public static TheoryData<string> Shapes => ["envoy-ext-authz", "traefik-forwardauth"];

    // FWD-50, FWD-57
    [Theory, MemberData(nameof(Shapes))]
    public async Task Lets_the_honest_caller_pass(string shape)
    {
        GuardAnswer answer = await SendAsync(shape, "DELETE", "/orders/7?state=open", "/orders/7");

        // FWD-57: of the statuses Envoy takes 200 alone for a yes.
        answer.Status.ShouldBe(200, answer.ToString());
        ReadContext context = ReadContext.Parse(answer.Context);
        context.String("htm").ShouldBe("DELETE");
        context.String("path").ShouldBe("/orders/7");
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task Refuses_a_proof_for_another_request(string shape)
    {
        (await SendAsync(shape, "DELETE", "/orders/7", "/orders/8")).Failure.ShouldBe("target_mismatch");
        (await SendAsync(shape, "DELETE", "/orders/7", "/orders/7", "GET")).Failure.ShouldBe("method_mismatch");
    }

    // FWD-63: Envoy joins repeated fields by commas.
    [Theory, MemberData(nameof(Shapes))]
    public async Task Refuses_two_proofs_that_arrive_as_one(string shape) =>
        (await SendAsync(shape, "GET", "/orders", "/orders", edit: text => text.Replace("{proof}", "{proof},{proof}"))).Failure.ShouldBe("proof_repeated");

    // FWD-55, FWD-57: the answer reaches the client as it is: status, challenge and nonce.
    [Theory, MemberData(nameof(Shapes))]
    public async Task Answers_what_may_go_to_the_client_as_it_is(string shape)
    {
        GuardAnswer answer = await SendAsync(shape, "GET", "/orders", "/orders", edit: text => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("authorization", StringComparison.OrdinalIgnoreCase))));
        answer.Status.ShouldBe(401);
        answer.Challenges.ShouldHaveSingleItem().ShouldStartWith("DPoP ");
    }

    private Task<GuardAnswer> SendAsync(string shape, string method, string uri, string htu, string? htm = null, Func<string, string>? edit = null)
    {
        string token = Guard.BoundToken();
        string text = RepositoryFiles.Read($"tests/Holdfast.Guard.Tests/Fixtures/{shape}.http");
        text = (edit?.Invoke(text) ?? text).Replace("{method}", method).Replace("{uri}", uri).Replace("{token}", token).Replace("{secret}", TestGuard.Secret)
            .Replace("{proof}", Guard.Proof(htm ?? method, htu, token).Sign());
        string[] lines = [.. text.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        return Guard.SendAsync(lines[0], lines.Skip(1));
    }

    public sealed class Shared : IAsyncLifetime
    {
        internal TestGuard Guard { get; private set; } = null!;

        public async Task InitializeAsync() => Guard = await TestGuard.StartAsync();

        public async Task DisposeAsync() => await Guard.DisposeAsync();
    }
}
