using System.Collections.Concurrent;
using System.Security.Cryptography;
using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>
/// The private keys that this process can sign with: opened once each. A key that cannot be opened is tried again after a while, so that neither the disk nor a
/// hardware module is asked for it by every request.
/// </summary>
internal sealed class SigningKeys(PrivateKeyVault vault, IssuerConfig config, TimeProvider timeProvider)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, Opened> _opened = new(StringComparer.Ordinal);

    /// <summary>The key of an entry, or why it cannot be used here and what mends that.</summary>
    public (SigningKey? Key, string? Problem) Open(KnownKey known)
    {
        if (Find(known.Kid) is { } opened)
            return (opened.Key, opened.Problem);
        // A module may take its time: requests by keys that are open do not wait for it.
        lock (_lock)
        {
            if (Find(known.Kid) is { } meanwhile)
                return (meanwhile.Key, meanwhile.Problem);
            (SigningKey? key, string? problem) = known.Key.Location is { } location ? OpenExternal(known, location) : OpenStored(known);
            _opened[known.Kid] = new(key, problem, timeProvider.GetTimestamp());
            return (key, problem);
        }
    }

    /// <summary>A key that did not sign is opened anew: its module may have been restarted.</summary>
    public void Close(string kid) => _opened.TryRemove(kid, out _);

    /// <summary>Lets go of all keys but these.</summary>
    public void Keep(IReadOnlySet<string> kids)
    {
        foreach (string gone in _opened.Keys.Where(kid => !kids.Contains(kid)))
            _opened.TryRemove(gone, out _);
    }

    private Opened? Find(string kid) =>
        _opened.TryGetValue(kid, out Opened? opened) && (opened.Key is not null || timeProvider.GetElapsedTime(opened.At) < RetryAfter) ? opened : null;

    private (SigningKey? Key, string? Problem) OpenStored(KnownKey known)
    {
        if (known.Entry.Secret is not { Length: > 0 } secret)
            return (null, $"The private key of the signing key '{known.Kid}' is not in the database.");
        if (vault.Unprotect(known.Kid, secret) is not { } pkcs8)
        {
            return (null, $"The signing key '{known.Kid}' in the database was encrypted with another key ring than the one in '{config.Keys.KeyRingDirectory}'. Restore that directory from its "
                + "backup, or share it with the other nodes (Keys:KeyRingDirectory). Where it is lost for good, start once with Keys:DangerouslyReplaceLostKeys: "
                + "the key is then revoked, and what it signed counts for nothing.");
        }
        try
        {
            return Checked(known, SigningKey.Create(PrivateKey.Import(known.Key.Alg, pkcs8), known.Key.Alg));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return (null, $"The private key of the signing key '{known.Kid}' in the database is damaged ({e.Message}).");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static (SigningKey? Key, string? Problem) OpenExternal(KnownKey known, string text)
    {
        if (ExternalKeyLocation.TryParse(text, out string problem) is not { } location)
            return (null, $"The location of the signing key '{known.Kid}' {problem}");
        try
        {
            return Checked(known, location.Open(known.Key.Alg));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return (null, $"The signing key '{known.Kid}' cannot be opened at '{text}' ({e.Message}); look at the module, its token and the file with its PIN.");
        }
    }

    // What is published is what signs: an entry whose two halves do not fit would make tokens that nobody can verify.
    private static (SigningKey? Key, string? Problem) Checked(KnownKey known, SigningKey key) =>
        key.Kid == known.Kid ? (key, null) : (null, $"The private key of the signing key '{known.Kid}' is that of '{key.Kid}'.");

    private sealed record Opened(SigningKey? Key, string? Problem, long At);
}
