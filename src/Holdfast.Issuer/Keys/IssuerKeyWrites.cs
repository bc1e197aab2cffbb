using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>The steps in the life of a signing key, as writes (LIFE-01). Each is on condition that the key is still as it was seen.</summary>
internal static class IssuerKeyWrites
{
    private static readonly byte[] Deleted = [];

    /// <summary>A new key: published, and active from a time or at once.</summary>
    public static RegistryWrite Add(NewKey made, IssuerKeyState state, DateTimeOffset now, DateTimeOffset activeFrom)
    {
        SigningKey key = made.Key!;
        var document = new IssuerKey
        {
            Kid = key.Kid, Alg = key.Alg, State = state, PublicJwk = key.PublicJwk, Location = made.Location, CreatedAt = now, ActiveFrom = activeFrom,
        };
        return new()
        {
            Kind = RegistryKind.IssuerKey, Id = key.Kid, Document = RegistryJson.Write(document), Secret = made.Secret, Replaces = 0,
            Action = state == IssuerKeyState.Active ? "issuer_key.add" : "issuer_key.stage",
        };
    }

    /// <summary>One that was published only, as long as what it signed is alive.</summary>
    public static RegistryWrite AddRetiring(SigningKey key, DateTimeOffset now)
    {
        var document = new IssuerKey
        {
            Kid = key.Kid, Alg = key.Alg, State = IssuerKeyState.Retiring, PublicJwk = key.PublicJwk, CreatedAt = now, ActiveFrom = now, RetiringSince = now,
            RetiredFrom = now + IssuerKeyConfig.Retiring,
        };
        return new() { Kind = RegistryKind.IssuerKey, Id = key.Kid, Document = RegistryJson.Write(document), Replaces = 0, Action = "issuer_key.import" };
    }

    public static RegistryWrite Activate(KnownKey staged, DateTimeOffset now) =>
        Change(staged, staged.Key with { State = IssuerKeyState.Active, ActiveFrom = now }, "issuer_key.activate");

    // LIFE-03, LIFE-05: signs no more from now; published until what it signed has expired. Both ends are fixed here.
    public static RegistryWrite Retiring(KnownKey active, DateTimeOffset now) =>
        Change(active, active.Key with { State = IssuerKeyState.Retiring, RetiringSince = now, RetiredFrom = now + IssuerKeyConfig.Retiring }, "issuer_key.retire");

    /// <summary>Gone, and its private key with it (LIFE-01: destroyed).</summary>
    public static RegistryWrite Retired(KnownKey key, DateTimeOffset now) =>
        Change(key, key.Key with { State = IssuerKeyState.Retired, RetiredFrom = key.Key.RetiredFrom ?? now }, "issuer_key.remove") with { Secret = Deleted };

    // LIFE-09: out of the published keys, its private key deleted, and told to everyone who follows revocations, in one write. For ever: whoever has the key can still sign.
    public static RegistryWrite Revoked(KnownKey key, DateTimeOffset now) =>
        Change(key, key.Key with { State = IssuerKeyState.Revoked, RetiringSince = key.Key.RetiringSince ?? now, RetiredFrom = now }, "issuer_key.revoke") with
        {
            Secret = Deleted,
            Revocations = [new(RevocationKind.SigningKey, key.Kid, Until: null, "revoked")],
        };

    private static RegistryWrite Change(KnownKey known, IssuerKey changed, string action) => new()
    {
        Kind = RegistryKind.IssuerKey, Id = known.Kid, Document = RegistryJson.Write(changed), Replaces = known.Entry.Revision, Action = action,
    };
}
