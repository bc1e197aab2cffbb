using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Holdfast.AspNetCore;

/// <summary>An issuer's published keys (RFC 7517 §5), as far as they may verify access tokens: immutable.</summary>
public sealed class IssuerKeySet
{
    private readonly IssuerKey[] _keys;

    private IssuerKeySet(IssuerKey[] keys) => _keys = keys;

    /// <summary>The usable keys.</summary>
    public IReadOnlyList<IssuerKey> Keys => _keys;

    /// <summary>
    /// Reads a JWK Set. Keys of other kinds, uses, sizes or algorithms are left out; a document that is not a JWK Set is an
    /// <see cref="ArgumentException"/> or a <see cref="JsonException"/>.
    /// </summary>
    public static IssuerKeySet Parse(string json, IReadOnlyList<string> algorithms)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(algorithms);
        // An empty set is an answer: no key is trusted any more. A document without keys is none.
        using (JsonDocument document = JsonDocument.Parse(json))
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out JsonElement keys)
                || keys.ValueKind != JsonValueKind.Array)
            {
                throw new ArgumentException("The document is not a JWK Set.", nameof(json));
            }
        }
        var set = new JsonWebKeySet(json);
        return new([.. set.Keys.Select(jwk => IssuerKey.TryCreate(jwk, algorithms)).OfType<IssuerKey>()]);
    }

    /// <summary>
    /// Chooses the key: by <c>kid</c>, or where the token names none, the only one of that algorithm. <paramref name="published"/>
    /// is the algorithm of a key that matched by <c>kid</c> alone.
    /// </summary>
    internal IssuerKey? Find(string? kid, string alg, out string? published)
    {
        IssuerKey? found = null;
        published = null;
        foreach (IssuerKey key in _keys)
        {
            if (kid is not null && !string.Equals(key.Kid, kid, StringComparison.Ordinal))
                continue;
            // AT-17, RFC 8725 §3.1: one algorithm a key, checked at use.
            if (!string.Equals(key.Alg, alg, StringComparison.Ordinal))
            {
                published ??= kid is null ? null : key.Alg;
                continue;
            }
            if (kid is not null)
                return key;
            if (found is not null)
                return null;
            found = key;
        }
        return found;
    }

    /// <summary>True where a key of this set is not in <paramref name="newer"/>: tokens it verified may not be remembered.</summary>
    internal bool LosesAKeyIn(IssuerKeySet newer) =>
        Array.Exists(_keys, old => !Array.Exists(newer._keys, key => key.Thumbprint == old.Thumbprint && key.Kid == old.Kid && key.Alg == old.Alg));
}
