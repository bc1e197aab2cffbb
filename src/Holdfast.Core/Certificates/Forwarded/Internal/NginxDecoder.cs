namespace Holdfast;

/// <summary>nginx: <c>$ssl_client_escaped_cert</c> is percent-encoded PEM, <c>$ssl_client_verify</c> a word.</summary>
internal sealed class NginxDecoder(string field) : FormatDecoder(field, ForwardedFields.Verify)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused) || !IsSingle(lines, 1, out string verify, out refused))
            return refused;
        if (!VerifyWord.IsRead(verify, hasCertificate: text.Length > 0, out bool? isChainVerified))
            return Unreadable($"SUCCESS or FAILED beside a certificate, NONE without one, in {Fields[1]}", verify);
        if (text.Length == 0)
            return PresentedCertificate.None;
        // FWD-22, FWD-23: decoded once, + is itself. The folded value of $ssl_client_cert has blanks, which no escaped one has.
        return Present(EscapedPem.Decode(text) is [var one] ? one : null, [], isChainVerified);
    }
}
