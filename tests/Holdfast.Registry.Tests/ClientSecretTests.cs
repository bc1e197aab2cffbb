using System.Buffers.Binary;

namespace Holdfast.Registry.Tests;

public sealed class ClientSecretTests
{
    private readonly Pbkdf2ClientSecretHasher _hasher = new();

    [Fact]
    public void Knows_a_secret_again_and_no_other()
    {
        string secret = ClientSecret.Create();
        byte[] hash = _hasher.Hash(secret);

        _hasher.Verify(secret, hash).ShouldBeTrue();
        _hasher.Verify(ClientSecret.Create(), hash).ShouldBeFalse();
        _hasher.Verify("", hash).ShouldBeFalse();
        _hasher.Hash(secret).ShouldNotBe(hash);
    }

    [Fact]
    public void Secrets_have_256_bits_and_differ()
    {
        ClientSecret.Create().Length.ShouldBe(43);
        ClientSecret.Create().ShouldNotBe(ClientSecret.Create());
    }

    [Fact]
    public void Refuses_a_hash_that_it_did_not_make()
    {
        byte[] hash = _hasher.Hash("secret");
        _hasher.Verify("secret", []).ShouldBeFalse();
        _hasher.Verify("secret", hash.AsSpan(0, hash.Length - 1)).ShouldBeFalse();
        _hasher.Verify("secret", Changed(hash, 0, 2)).ShouldBeFalse();
        _hasher.Verify("secret", Changed(hash, hash.Length - 1, (byte)(hash[^1] ^ 1))).ShouldBeFalse();
    }

    // A stored number of iterations is as good as the database: too few make guessing cheap, too many keep a core busy.
    [Theory]
    [InlineData(1)]
    [InlineData(599_999)]
    [InlineData(10_000_001)]
    [InlineData(-1)]
    public void Refuses_iterations_that_are_out_of_bounds(int iterations)
    {
        var hash = new byte[_hasher.Hash("secret").Length];
        hash[0] = 1;
        BinaryPrimitives.WriteInt32BigEndian(hash.AsSpan(1), iterations);
        byte[] derived = System.Security.Cryptography.Rfc2898DeriveBytes.Pbkdf2("secret", hash.AsSpan(5, 16), Math.Max(1, Math.Min(iterations, 1_000)),
            System.Security.Cryptography.HashAlgorithmName.SHA256, 32);
        derived.CopyTo(hash.AsSpan(21));
        _hasher.Verify("secret", hash).ShouldBeFalse();
    }

    private static byte[] Changed(byte[] hash, int index, byte value)
    {
        byte[] copy = [.. hash];
        copy[index] = value;
        return copy;
    }
}
