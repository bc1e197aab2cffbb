using Microsoft.Extensions.Logging;

namespace Holdfast.Issuer;

/// <summary>The <see cref="IssuerKeyRing"/> of a snapshot, made once as long as nothing changes by time alone.</summary>
internal sealed class IssuerKeyRings(TimeProvider timeProvider, ILogger<IssuerKeyRings> logger)
{
    private volatile IssuerKeyRing? _last;

    public IssuerKeyRing Of(IssuerSnapshot snapshot)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        if (_last is { } last && ReferenceEquals(last.Snapshot, snapshot) && now < last.ValidUntil)
            return last;
        return _last = IssuerKeyRing.Compile(snapshot, now, logger);
    }
}
