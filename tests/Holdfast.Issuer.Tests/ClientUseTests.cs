using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Holdfast.Issuer.Tests;

public class ClientUseTests
{
    private static async Task<IReadOnlyList<ClientUse>> UsesAsync(IssuerHost issuer) => await issuer.Services.GetRequiredService<IRegistryStore>().ReadUsesAsync(default);

    // LIFE: what is forgotten can be found; a stop writes what was noted.
    [Fact]
    public async Task Notes_what_a_client_was_last_used_for()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        issuer.Address = System.Net.IPAddress.Parse("192.0.2.1");
        (await issuer.AskAsync()).ShouldBeToken();
        issuer.Clock.Advance(TimeSpan.FromMinutes(1));
        issuer.Address = System.Net.IPAddress.Parse("192.0.2.7");
        (await issuer.AskAsync()).ShouldBeToken();
        DateTimeOffset last = issuer.Clock.UtcNow;
        issuer.Clock.Advance(TimeSpan.FromMinutes(1));
        (await issuer.AskAsync(form: issuer.Form(changes: ("scope", "nothing")))).Token.ShouldBeNull();
        (await UsesAsync(issuer)).ShouldBeEmpty();
        await issuer.Services.GetRequiredService<IHost>().StopAsync();
        await issuer.StopAsync();
        await using IssuerHost successor = await IssuerHost.StartAsync(successorOf: issuer);
        (await UsesAsync(successor)).ShouldBe([new ClientUse(IssuerHost.ClientId, last, "client_credentials", IssuerHost.Orders, "dpop", "192.0.2.7")]);
    }
}
