using System.Text.Json;
using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests.Keys;

/// <summary>What tests ask an issuer about its keys.</summary>
internal static class KeyHost
{
    public static readonly RegistryActor Operator = new("local:operator");

    public static IIssuerKeyAdmin Admin(this IssuerHost issuer) => issuer.Services.GetRequiredService<IIssuerKeyAdmin>();

    public static async Task<IReadOnlyList<IssuerKey>> KeysAsync(this IssuerHost issuer) => await issuer.Admin().ListAsync(CancellationToken.None);

    /// <summary>The one key in this state.</summary>
    public static async Task<IssuerKey> KeyAsync(this IssuerHost issuer, IssuerKeyState state) => (await issuer.KeysAsync()).Where(key => key.State == state).ShouldHaveSingleItem();

    public static async Task<IssuerKey> RotateAsync(this IssuerHost issuer)
    {
        IssuerKeyResult result = await issuer.Admin().RotateAsync(Operator, CancellationToken.None);
        result.Answer.ShouldBe(IssuerKeyAnswer.Done, result.Problem);
        return result.Key.ShouldNotBeNull();
    }

    public static async Task<IssuerKeyResult> RetireAsync(this IssuerHost issuer, string kid, bool immediately) =>
        await issuer.Admin().RetireAsync(kid, immediately, Operator, CancellationToken.None);

    /// <summary>What verifiers read.</summary>
    public static async Task<IReadOnlyList<string>> PublishedAsync(this IssuerHost issuer)
    {
        using JsonDocument jwks = JsonDocument.Parse(await issuer.Client.GetStringAsync("/jwks"));
        return [.. jwks.RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    /// <summary>Which key signs.</summary>
    public static async Task<string> SignerAsync(this IssuerHost issuer) => KidOf((await issuer.AskAsync()).ShouldBeToken());

    public static string KidOf(string token) => CallerKey.Header(token).GetProperty("kid").GetString()!;

    public static async Task<IReadOnlyList<RegistryEntry>> EntriesAsync(this IssuerHost issuer) =>
        [.. (await issuer.Services.GetRequiredService<IRegistryStore>().ReadSinceAsync(RegistryPosition.Start, CancellationToken.None)).Entries.Where(entry => entry.Kind == RegistryKind.IssuerKey)];

    public static async Task<IReadOnlyList<Revocation>> RevocationsAsync(this IssuerHost issuer) =>
        [.. (await issuer.Services.GetRequiredService<IRegistryStore>().ReadRevocationsAsync(0, 100, CancellationToken.None)).Select(recorded => recorded.Revocation)];

    /// <summary>Past the second that a snapshot may be old.</summary>
    public static void LetSnapshotAge(this IssuerHost issuer) => issuer.Clock.Advance(TimeSpan.FromSeconds(1));
}
