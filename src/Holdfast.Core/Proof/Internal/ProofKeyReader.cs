using System.Numerics;
using System.Text;

namespace Holdfast.Internal;

/// <summary>The key in a proof, checked for form and fit but not imported: importing costs more than everything else before the signature.</summary>
internal ref struct ProofKeyReader
{
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 4096;

    // Exponents in use are 3 and 65537; a long one only makes verification slow.
    private const int MaxRsaExponentLength = 4;

    private string? _curve;
    private ReadOnlySpan<byte> _first;
    private ReadOnlySpan<byte> _second;

    /// <summary>Decodes into <paramref name="buffer"/>; null where all is well.</summary>
    public static VerificationFailure? Read(scoped in PublicJwk jwk, JwsAlgorithm algorithm, Span<byte> buffer, out ProofKeyReader key, out string? seen)
    {
        key = default;
        seen = null;
        if (jwk.Kty.IsEmpty || (jwk.Crv.IsEmpty && jwk.Kty.SequenceEqual("EC"u8)))
            return VerificationFailure.ProofKeyMalformed;
        // DPOP-V-34, RFC 8725 §3.1: ES256 with P-256 only, ES384 with P-384, ES512 with P-521, PS and RS with RSA.
        bool isEc = algorithm.Curve is not null;
        if (!jwk.Kty.SequenceEqual(isEc ? "EC"u8 : "RSA"u8) || (isEc && !Ascii.Equals(jwk.Crv, algorithm.Curve)))
        {
            seen = Printable.From(jwk.Kty) + (jwk.Crv.IsEmpty ? "" : " " + Printable.From(jwk.Crv));
            return VerificationFailure.ProofKeyUnfit;
        }
        return isEc ? ReadEc(jwk, algorithm.Curve!, buffer, ref key) : ReadRsa(jwk, buffer, ref key, out seen);
    }

    /// <summary>Imports the key; null where the point is not on the curve or the numbers are not sane.</summary>
    public readonly ProofKey? Import() => _curve is not null ? ProofKey.ImportEc(_curve, _first, _second) : ProofKey.ImportRsa(_first, _second);

    private static VerificationFailure? ReadEc(scoped in PublicJwk jwk, string curve, Span<byte> buffer, ref ProofKeyReader key)
    {
        // RFC 7518 §6.2.1.2: a coordinate has the full length of the field, leading zeros included.
        int length = ProofKey.CoordinateLength(curve);
        key._curve = curve;
        return TryDecode(jwk.X, ref buffer, out key._first) && TryDecode(jwk.Y, ref buffer, out key._second) &&
               key._first.Length == length && key._second.Length == length
            ? null
            : VerificationFailure.ProofKeyMalformed;
    }

    private static VerificationFailure? ReadRsa(scoped in PublicJwk jwk, Span<byte> buffer, ref ProofKeyReader key, out string? seen)
    {
        seen = null;
        if (!TryDecode(jwk.N, ref buffer, out key._first) || !TryDecode(jwk.E, ref buffer, out key._second))
            return VerificationFailure.ProofKeyMalformed;
        ReadOnlySpan<byte> n = key._first, e = key._second;
        // RFC 7518 §2 Base64urlUInt: the minimum number of octets, so that one key has one thumbprint.
        if (n.IsEmpty || e.IsEmpty || n[0] == 0 || e[0] == 0)
            return VerificationFailure.ProofKeyMalformed;
        int bits = (n.Length * 8) - BitOperations.LeadingZeroCount(n[0]) + 24;
        if (bits is < MinRsaBits or > MaxRsaBits)
        {
            seen = $"RSA {bits} bits";
            return VerificationFailure.ProofKeyUnfit;
        }
        // DPOP-V-36, RFC 8725 §3.4: an odd modulus, an odd exponent above one.
        bool sane = (n[^1] & 1) == 1 && (e[^1] & 1) == 1 && e.Length <= MaxRsaExponentLength && (e.Length > 1 || e[0] > 1);
        return sane ? null : VerificationFailure.ProofKeyInvalid;
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, scoped ref Span<byte> buffer, out ReadOnlySpan<byte> value)
    {
        // An RSA modulus of 8192 bits: large enough to be told from nonsense, twice what is accepted.
        const int MaxMemberLength = 1366;
        value = default;
        if (text.Length is 0 or > MaxMemberLength)
            return false;
        Span<char> chars = stackalloc char[MaxMemberLength];
        if (Ascii.ToUtf16(text, chars, out int length) != System.Buffers.OperationStatus.Done ||
            !StrictBase64Url.TryDecode(chars[..length], buffer, out int written))
            return false;
        value = buffer[..written];
        buffer = buffer[written..];
        return true;
    }
}
