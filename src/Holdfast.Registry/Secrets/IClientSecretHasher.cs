namespace Holdfast.Registry;

/// <summary>Turns the secret of a client into what is stored in its place, and compares. Slow on purpose: a stolen database must not yield secrets.</summary>
public interface IClientSecretHasher
{
    /// <summary>The hash of a secret, another one each time. It says itself how it was made.</summary>
    byte[] Hash(string secret);

    /// <summary>True where <paramref name="hash"/> is of this secret; false where it is not, or cannot be read.</summary>
    bool Verify(string secret, ReadOnlySpan<byte> hash);
}
