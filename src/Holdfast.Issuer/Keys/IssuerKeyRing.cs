using System.Text.Json;
using Holdfast.Registry;
using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>The signing keys at a snapshot, as they stand at a time. Immutable.</summary>
internal sealed class IssuerKeyRing
{
    private IssuerKeyRing(IssuerSnapshot snapshot, List<KnownKey> keys, DateTimeOffset now)
    {
        Snapshot = snapshot;
        Keys = keys;
        // Two nodes may have made one at the same moment: the earlier write counts for all, whoever reads them.
        KnownKey[] active = [.. Of(IssuerKeyState.Active)], staged = [.. Of(IssuerKeyState.Staged)];
        Active = active.FirstOrDefault();
        Staged = staged.FirstOrDefault();
        Surplus = [.. active.Skip(1), .. staged.Skip(1)];
        // LIFE-03, LIFE-05: the end of a key is a time, and not the write of whoever notes it.
        Published = [.. keys.Where(known => known.Key.State is IssuerKeyState.Staged or IssuerKeyState.Active || IsRetiringAt(known.Key, now))];
        Algorithms = [.. Published.Select(static known => known.Key.Alg).Distinct(StringComparer.Ordinal)];
        ValidUntil = Published.Where(static known => known.Key.State == IssuerKeyState.Retiring).Select(static known => known.Key.RetiredFrom!.Value).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }

    public IssuerSnapshot Snapshot { get; }

    /// <summary>All that were ever known, by the order of their last change.</summary>
    public IReadOnlyList<KnownKey> Keys { get; }

    /// <summary>The one that signs; null where there is none.</summary>
    public KnownKey? Active { get; }

    /// <summary>The one that follows; null where there is none yet.</summary>
    public KnownKey? Staged { get; }

    /// <summary>Those that were made at the same moment as another one that counts.</summary>
    public IReadOnlyList<KnownKey> Surplus { get; }

    /// <summary>Those that tokens are verified with.</summary>
    public IReadOnlyList<KnownKey> Published { get; }

    /// <summary>The algorithms of the published keys: for <c>id_token_signing_alg_values_supported</c>.</summary>
    public IReadOnlyList<string> Algorithms { get; }

    /// <summary>When the next of them goes by itself.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>Reads the keys of a snapshot. What cannot be read is left out and said aloud.</summary>
    public static IssuerKeyRing Compile(IssuerSnapshot snapshot, DateTimeOffset now, ILogger logger)
    {
        var keys = new List<KnownKey>();
        foreach (RegistryEntry entry in snapshot.Entries.Values.Where(static entry => entry is { Kind: RegistryKind.IssuerKey, Document: not null })
            .OrderBy(static entry => entry.Revision).ThenBy(static entry => entry.Id, StringComparer.Ordinal))
        {
            try
            {
                IssuerKey key = RegistryJson.ReadIssuerKey(entry.Document!);
                // FAPI-29, FAPI 2.0 Security Profile §5.4.3: no kid twice; it is the name of its entry. AT-16: of algorithms that are known here.
                if (key.Kid == entry.Id && SigningAlgorithms.All.Contains(key.Alg, StringComparer.Ordinal))
                    keys.Add(new(key, entry));
                else
                    IssuerLog.LogEntryLeftOut(logger, entry.Kind, entry.Id, "It has another kid, or an algorithm that is not known here.");
            }
            catch (JsonException e)
            {
                IssuerLog.LogEntryLeftOut(logger, entry.Kind, entry.Id, Printable.From(e.Message));
            }
        }
        return new(snapshot, keys, now);
    }

    public KnownKey? Find(string kid) => Keys.FirstOrDefault(known => known.Kid == kid);

    private IEnumerable<KnownKey> Of(IssuerKeyState state) => Keys.Where(known => known.Key.State == state);

    private static bool IsRetiringAt(IssuerKey key, DateTimeOffset now) => key.State == IssuerKeyState.Retiring && key.RetiredFrom is { } end && now < end;
}

/// <summary>A signing key as it is in the registry.</summary>
internal sealed record KnownKey(IssuerKey Key, RegistryEntry Entry)
{
    public string Kid => Key.Kid;
}
