using System.Text;
using Holdfast.AspNetCore;

namespace Holdfast.Issuer;

/// <summary>The keys that tokens of this issuer are verified with: those that it publishes itself, a second old at most.</summary>
internal sealed class IssuedTokenKeys(IssuerRegistry registry, IssuerKeyRings rings) : IIssuerKeySource
{
    private volatile Parsed? _parsed;

    public async ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken)
    {
        IssuerKeyRing ring = rings.Of(await registry.GetAsync(cancellationToken));
        if (_parsed is { } parsed && ReferenceEquals(parsed.Ring, ring))
            return parsed.Keys;
        IssuerKeySet keys = IssuerKeySet.Parse(Encoding.UTF8.GetString(JsonWebKeySetDocument.Write(ring)), SigningAlgorithms.All);
        _parsed = new(ring, keys);
        return keys;
    }

    public ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken) => GetAsync(cancellationToken);

    private sealed record Parsed(IssuerKeyRing Ring, IssuerKeySet Keys);
}
