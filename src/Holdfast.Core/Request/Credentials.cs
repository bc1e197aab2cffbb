using System.Buffers;

namespace Holdfast;

/// <summary>The credentials of a request: one scheme, one token (RFC 9110 §11.4, RFC 9449 §7.1).</summary>
internal readonly record struct Credentials(string Line, int Start)
{
    /// <summary>Characters of the longest token that is read.</summary>
    public const int MaxTokenLength = 16 * 1024;

    // RFC 9110 §11.2: token68.
    private static readonly SearchValues<char> Token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    /// <summary>The token, where it stands: a copy is made only for whoever has to read it.</summary>
    public ReadOnlySpan<char> Token => Line.AsSpan(Start);

    /// <summary>Reads the raw lines; null where all is well. <paramref name="usedDPoPScheme"/> is told on refusals too.</summary>
    public static VerificationFailure? Read(in PresentedRequest request, VerificationTrace? trace, out Credentials credentials, out bool usedDPoPScheme)
    {
        credentials = default;
        usedDPoPScheme = false;
        FieldLines lines = request.Authorization;
        for (int i = 0; i < lines.Count; i++)
            usedDPoPScheme |= HasScheme(lines[i], "DPoP");

        // DPOP-RS-07, RFC 9449 §7.2, RFC 6750 §3.1: one Authorization field, one way to send the token.
        if (lines.Count > 1)
            return VerificationFailure.AuthorizationRepeated;
        // DPOP-RS-08, RFC 9449 §7.1: a token in the query or in a form body is refused, alone too.
        if (request.TokenOutsideHeader)
            return VerificationFailure.TokenOutsideHeader;
        // DPOP-V-40, RFC 9449 §4: a proof alone is no credential; without a token nothing is granted.
        if (lines.Single is not { } line)
            return VerificationFailure.CredentialsMissing;
        trace?.Pass(VerificationCheck.OneCredential);

        // DPOP-RS-05, RFC 9110 §11.1: the scheme is compared without case, the token is exact.
        if (!usedDPoPScheme && !HasScheme(line, "Bearer"))
            return IsSomeScheme(line) ? VerificationFailure.SchemeUnsupported : VerificationFailure.AuthorizationMalformed;
        // DPOP-RS-06, RFC 9449 §7.1: scheme 1*SP token68; anything else is malformed.
        ReadOnlySpan<char> token = line.AsSpan(line.IndexOf(' ', StringComparison.Ordinal) + 1).TrimStart(' ');
        if (token.IsEmpty || token.TrimEnd('=').ContainsAnyExcept(Token68) || token[0] == '=')
            return VerificationFailure.AuthorizationMalformed;
        if (token.Length > MaxTokenLength)
            return VerificationFailure.TokenTooLarge;
        credentials = new(line, line.Length - token.Length);
        trace?.Pass(VerificationCheck.CredentialForm);
        return null;
    }

    private static bool HasScheme(string line, string scheme) =>
        line.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && line.Length > scheme.Length && line[scheme.Length] == ' ';

    private static bool IsSomeScheme(string line)
    {
        int end = line.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && !line.AsSpan(0, end).ContainsAnyExceptInRange('!', '~') && !line.AsSpan(0, end).Contains(',');
    }
}
