using System.Buffers;
using Holdfast.Client.Internal;

namespace Holdfast.Client.Requests;

/// <summary>What was learned of each server (origin and role): never shared between authorization server and resource (DPOP-C-15).</summary>
internal sealed class ServerMemory
{
    /// <summary>Far above what a client talks to; a redirect loop through made-up hosts must not fill the memory.</summary>
    public const int MaxServers = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Origin, VerifierRole Role), (ServerState State, long Used)> _servers = [];
    private long _uses;

    public ServerState Get(Uri uri, VerifierRole role)
    {
        (string, VerifierRole) key = (Origins.Of(uri), role);
        lock (_lock)
        {
            ServerState state = _servers.TryGetValue(key, out (ServerState State, long) known) ? known.State : new();
            if (known.State is null && _servers.Count == MaxServers)
                _servers.Remove(_servers.MinBy(server => server.Value.Used).Key);
            _servers[key] = (state, ++_uses);
            return state;
        }
    }
}

/// <summary>The newest nonce of a server and how far its clock is from ours.</summary>
internal sealed class ServerState
{
    /// <summary>Ours have fewer than 100 characters; a header line has about 8,000.</summary>
    public const int MaxNonceLength = 1024;

    private const int LastYear = 9000;

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(5);

    // RFC 9449 §8.1: NQCHAR is printable ASCII without space, quotation mark and backslash.
    private static readonly SearchValues<char> NonceCharacters =
        SearchValues.Create([.. Enumerable.Range(0x21, 0x5e).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    private volatile string? _nonce;
    private long _offsetTicks;

    public string? Nonce => _nonce;

    /// <summary>What to add to our clock to get the server's; zero while they agree.</summary>
    public TimeSpan ClockOffset => new(Interlocked.Read(ref _offsetTicks));

    /// <summary>Keeps the nonce of any response.</summary>
    public void Learn(HttpResponseMessage response)
    {
        if (NonceOf(response) is { } nonce)
            _nonce = nonce;
    }

    /// <summary>Whether this challenge brought something that was not tried yet.</summary>
    public static bool HasNewer(HttpResponseMessage response, string? tried) =>
        NonceOf(response) is { } nonce && !string.Equals(nonce, tried, StringComparison.Ordinal);

    /// <summary>Measures the server's clock by <c>Date</c>; true where that changes what a proof would say.</summary>
    public bool LearnTime(HttpResponseMessage response, TimeProvider time)
    {
        // DPOP-C-25: a shared cache would tell the time of long ago.
        if (response.Headers.Date is not { } date || response.Headers.Age is not null)
            return false;
        // Times that no proof can carry, or that overflow when a moment is added to them.
        if (date < DateTimeOffset.UnixEpoch || date.Year > LastYear)
            return false;
        TimeSpan offset = date - time.GetUtcNow();
        if (offset.Duration() < Tolerance)
            offset = TimeSpan.Zero;
        TimeSpan old = new(Interlocked.Exchange(ref _offsetTicks, offset.Ticks));
        return (offset - old).Duration() >= Tolerance;
    }

    private static string? NonceOf(HttpResponseMessage response) =>
        // DPOP-C-16, RFC 9449 §8.1: one field, found in any casing, opaque. Two are none: nobody can tell which is meant.
        response.Headers.NonValidated.TryGetValues("DPoP-Nonce", out var lines) && lines.Count == 1 && lines.ToString().Trim() is { Length: > 0 } nonce
            && nonce.Length <= MaxNonceLength && !nonce.AsSpan().ContainsAnyExcept(NonceCharacters) ? nonce : null;
}
