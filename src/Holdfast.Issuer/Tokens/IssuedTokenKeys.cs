using System.Text;
using Holdfast.AspNetCore;

namespace Holdfast.Issuer;

/// <summary>The keys that tokens of this issuer are verified with: those that it publishes itself.</summary>
internal sealed class IssuedTokenKeys(SigningKey key) : IIssuerKeySource
{
    private readonly IssuerKeySet _keys = IssuerKeySet.Parse(Encoding.UTF8.GetString(JsonWebKeySetDocument.Write(key)), [SigningKey.Alg]);

    public ValueTask<IssuerKeySet?> GetAsync(CancellationToken cancellationToken) => new(_keys);

    public ValueTask<IssuerKeySet?> GetNewerAsync(IssuerKeySet known, CancellationToken cancellationToken) => new(_keys);
}
