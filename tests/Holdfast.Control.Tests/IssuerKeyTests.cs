using System.Net;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Control.Tests;

public sealed class IssuerKeyTests
{
    [Fact]
    public async Task Hands_what_is_asked_to_whoever_manages_the_keys()
    {
        var keys = new RecordingKeys();
        await using ControlHost host = await ControlHost.StartAsync(services => services.AddSingleton<IIssuerKeyAdmin>(keys));

        ControlReply list = await host.GetAsync("/issuer-keys");
        ControlReply rotated = await host.PostAsync("/issuer-keys/rotate");
        ControlReply retired = await host.PostAsync("/issuer-keys/retire?kid=k1&immediately=true");
        ControlReply unknown = await host.PostAsync("/issuer-keys/retire?kid=k9");
        ControlReply refused = await host.PostAsync("/issuer-keys/retire?kid=busy");

        list.Body!["keys"]!.AsArray().Single()!["kid"]!.ToString().ShouldBe("k1");
        rotated.Status.ShouldBe(HttpStatusCode.OK);
        retired.Status.ShouldBe(HttpStatusCode.OK);
        unknown.Status.ShouldBe(HttpStatusCode.NotFound);
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Problems.ShouldBe(["It signs."]);
        keys.Asked.ShouldBe(["rotate by admin", "retire k1 True by admin", "retire k9 False by admin", "retire busy False by admin"]);
    }

    private sealed class RecordingKeys : IIssuerKeyAdmin
    {
        private static readonly IssuerKey Key = new()
        {
            Kid = "k1", Alg = "ES256", State = IssuerKeyState.Active, PublicJwk = "{}", CreatedAt = DateTimeOffset.UnixEpoch, ActiveFrom = DateTimeOffset.UnixEpoch,
        };

        public List<string> Asked { get; } = [];

        public ValueTask<IReadOnlyList<IssuerKey>> ListAsync(CancellationToken cancellationToken) => new([Key]);

        public ValueTask<IssuerKeyResult> RotateAsync(RegistryActor actor, CancellationToken cancellationToken)
        {
            Asked.Add($"rotate by {actor.Name}");
            return new(new IssuerKeyResult(IssuerKeyAnswer.Done, Key));
        }

        public ValueTask<IssuerKeyResult> RetireAsync(string kid, bool immediately, RegistryActor actor, CancellationToken cancellationToken)
        {
            Asked.Add($"retire {kid} {immediately} by {actor.Name}");
            return new(kid switch
            {
                "k1" => new IssuerKeyResult(IssuerKeyAnswer.Done, Key),
                "busy" => new IssuerKeyResult(IssuerKeyAnswer.Refused, Problem: "It signs."),
                _ => new IssuerKeyResult(IssuerKeyAnswer.NotFound),
            });
        }
    }
}
