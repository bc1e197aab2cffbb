namespace Holdfast;

/// <summary>Apache: <c>SSL_CLIENT_CERT</c> is PEM whose line ends mod_headers turned into spaces, <c>SSL_CLIENT_VERIFY</c> a word.</summary>
internal sealed class ApacheDecoder(string field) : FormatDecoder(field, ForwardedFields.Verify)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused) || !IsSingle(lines, 1, out string verify, out refused))
            return refused;
        // FWD-35: an absent variable is written as (null).
        (text, verify) = (OrNothing(text), OrNothing(verify));
        if (!VerifyWord.IsRead(verify, hasCertificate: text.Length > 0, out bool? isChainVerified))
            return Unreadable($"SUCCESS, GENEROUS or FAILED beside a certificate, NONE without one, in {Fields[1]}", verify);
        if (text.Length == 0)
            return PresentedCertificate.None;
        return Present(Pem.Decode(text, lineEnd: ' ') is [var one] ? one : null, [], isChainVerified);
    }

    private static string OrNothing(string value) => value is "(null)" ? "" : value;
}
