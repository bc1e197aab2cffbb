using System.Text;
using Holdfast.AspNetCore;

namespace Holdfast.Issuer;

/// <summary>
/// The keys that tokens of this issuer are verified with: those that it publishes itself. What a key signed that is gone or was revoked (LIFE-09) is refused as everywhere.
/// </summary>
internal sealed class IssuedTokenKeys(IssuerRegistry registry, IssuerKeyRings rings) : IIssuerKeySource
{
    private volatile Read? _last;

    public async ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken)
    {
        IssuerKeyRing ring = rings.Of(await registry.GetAsync(cancellationToken));
        if (_last is { } last && ReferenceEquals(last.Ring, ring))
            return last.Keys;
        var keys = IssuerKeySet.Parse(Encoding.UTF8.GetString(JsonWebKeySetDocument.Write(ring)), SigningAlgorithms.All);
        _last = new(ring, keys);
        return keys;
    }

    // Read once a second anyway, so nobody can make the database be asked by inventing identifiers.
    public ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken) => GetAsync(cancellationToken);

    private sealed record Read(IssuerKeyRing Ring, IssuerKeySet Keys);
}
