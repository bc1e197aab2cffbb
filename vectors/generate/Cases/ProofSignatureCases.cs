using System.Numerics;

namespace Holdfast.Vectors.Cases;

/// <summary>The signature: step 6.</summary>
internal sealed class ProofSignatureCases : CaseTable
{
    private static readonly BigInteger Order = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551", System.Globalization.NumberStyles.HexNumber);

    public ProofSignatureCases() : base("dpop-proof")
    {
        Good("signature-with-other-s", "DPOP-V-06, RFC 6979 §2.4", "n - s instead of s: just as valid an ECDSA signature (its replay is another matter, see replay).",
            s => s.Proof.Signature = Malleate);
        BadProof("signature-by-another-key", "RFC 9449 §4.3 (6), DPOP-V-06, DPOP-RS-09, DPOP-RS-13", "The thief signs and shows the victim's key.", "proof_signature_invalid", s => s.Proof.Signer = Keys.Thief);
        BadProof("signature-of-another-proof", "RFC 9449 §4.3 (6), DPOP-V-06", "htu was changed after signing.", "proof_signature_invalid", s =>
            s.Proof.Parts = p => [p[0], Jws.Encode(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Jws.Decode(p[1])).Replace("\"jti\":\"", "\"jti\":\"x", StringComparison.Ordinal))), p[2]]);
        BadProof("signature-over-another-header", "RFC 9449 §4.3 (6), DPOP-V-06", "A header parameter was added after signing.", "proof_signature_invalid", s =>
            s.Proof.Parts = p => [Jws.Encode(System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(Jws.Decode(p[0]))[..^1] + ",\"x\":1}")), p[1], p[2]]);
        BadProof("signature-empty", "RFC 9449 §4.3 (6), DPOP-V-06", "ES256 with an empty signature.", "proof_signature_invalid", s => s.Proof.Signature = _ => []);
        BadProof("signature-all-zero", "RFC 9449 §4.3 (6), DPOP-V-06", "r and s are zero.", "proof_signature_invalid", s => s.Proof.Signature = _ => new byte[64]);
        BadProof("signature-s-zero", "RFC 9449 §4.3 (6), DPOP-V-06", "s is zero.", "proof_signature_invalid", s => s.Proof.Signature = b => [.. b[..32], .. new byte[32]]);
        BadProof("signature-r-is-the-order", "RFC 9449 §4.3 (6), DPOP-V-06", "r is the order of the curve, which is zero in disguise.", "proof_signature_invalid", s => s.Proof.Signature = b => [.. Octets(Order), .. b[32..]]);
        BadProof("signature-halves-swapped", "RFC 9449 §4.3 (6), DPOP-V-06", "s before r.", "proof_signature_invalid", s => s.Proof.Signature = b => [.. b[32..], .. b[..32]]);
        BadProof("signature-one-octet-short", "RFC 7518 §3.4, DPOP-V-06", "63 octets.", "proof_signature_invalid", s => s.Proof.Signature = b => b[..^1]);
        BadProof("signature-one-octet-long", "RFC 7518 §3.4, DPOP-V-06", "65 octets.", "proof_signature_invalid", s => s.Proof.Signature = b => [.. b, 0]);
        BadProof("signature-in-der", "RFC 7518 §3.4, DPOP-V-06", "An ASN.1 signature where JOSE wants r and s.", "proof_signature_invalid", s => s.Proof.SignWith = input => Keys.Client.SignDer(input));
        BadProof("signature-with-sha384", "RFC 7518 §3.4, DPOP-V-06", "ES256 announced, SHA-384 used.", "proof_signature_invalid", s => s.Proof.SignWith = input => Keys.Client.Sign("ES384", input));
        BadProof("signature-pkcs1-for-pss", "RFC 7518 §3.5, DPOP-V-06", "PS256 announced, PKCS #1 v1.5 padding used.", "proof_signature_invalid",
            s => { s.BoundTo = s.Proof.Key = Keys.ClientRsa; s.Proof.SignWith = input => Keys.ClientRsa.Sign("RS256", input); });
        BadProof("signature-rsa-short", "RFC 7518 §3.5, DPOP-V-06", "255 octets for a 2048-bit key.", "proof_signature_invalid",
            s => { s.BoundTo = s.Proof.Key = Keys.ClientRsa; s.Proof.Signature = b => b[1..]; });
        BadProof("signature-over-the-payload-only", "RFC 7515 §5.1, DPOP-V-06", "The header was left out of the signing input.", "proof_signature_invalid",
            s => s.Proof.SignWith = input => Keys.Client.Sign("ES256", input[(Array.IndexOf(input, (byte)'.') + 1)..]));
    }

    public static byte[] Malleate(byte[] signature) => [.. signature[..32], .. Octets(Order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true))];

    private static byte[] Octets(BigInteger value)
    {
        byte[] octets = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - octets.Length], .. octets];
    }
}
