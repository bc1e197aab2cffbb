using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>Puts clients into the registry of a host, and lets the second pass after which it has read them.</summary>
public static class RegistryEntries
{
    public static async Task WriteAsync(this IssuerHost issuer, Client client, long replaces, byte[]? secret = null)
    {
        (await issuer.Services.GetRequiredService<IRegistryStore>().WriteAsync(
            [new RegistryWrite { Kind = RegistryKind.Client, Id = client.ClientId, Document = RegistryJson.Write(client), Secret = secret, Replaces = replaces, Action = "client.test" }],
            RegistryActor.Issuer, default)).ShouldBe(RegistryAnswer.Written);
        issuer.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    public static async Task<long> RevisionAsync(this IssuerHost issuer, string clientId) =>
        (await issuer.Services.GetRequiredService<IRegistryStore>().ReadSinceAsync(RegistryPosition.Start, default)).Entries.Single(entry => entry.Id == clientId).Revision;
}
