using System.Net;
using System.Net.Http.Headers;

namespace Holdfast.Client.Requests;

/// <summary>What a refusal asks for (RFC 9110 §11.6.1, RFC 9449 §7.1). Parameters that are not known here are ignored (DPOP-C-20).</summary>
internal sealed record Challenge(string? Error, string? Algs)
{
    /// <summary>The challenge of a 400 or 401: where there are several, the one of the scheme that was used, and one that says what is wrong.</summary>
    public static Challenge? Of(HttpResponseMessage response, string used = "DPoP")
    {
        if (response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest))
            return null;
        Challenge? found = null;
        foreach (AuthenticationHeaderValue challenge in response.Headers.WwwAuthenticate)
        {
            bool isUsed = challenge.Scheme.Equals(used, StringComparison.OrdinalIgnoreCase);
            if (!isUsed && !IsKnown(challenge.Scheme))
                continue;
            Challenge read = Parse(challenge.Parameter ?? "");
            if (isUsed && read.Error is not null)
                return read;
            // A server may say it under the other scheme alone.
            if (found is null || (found.Error is null && (isUsed || read.Error is not null)))
                found = read;
        }
        return found;
    }

    private static bool IsKnown(string scheme) =>
        scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase) || scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase);

    private static Challenge Parse(string parameters)
    {
        string? error = null, algs = null;
        ReadOnlySpan<char> rest = parameters;
        while (TryTake(ref rest, out ReadOnlySpan<char> name, out string value))
        {
            // The first of each counts; a second one is a server's mistake.
            if (name.Equals("error", StringComparison.OrdinalIgnoreCase))
                error ??= value;
            else if (name.Equals("algs", StringComparison.OrdinalIgnoreCase))
                algs ??= value;
        }
        return new(error, algs);
    }

    // auth-param = token BWS "=" BWS ( token / quoted-string ), separated by commas.
    private static bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out string value)
    {
        name = default;
        value = "";
        rest = rest.TrimStart(" \t,");
        int equals = rest.IndexOf('=');
        if (equals <= 0)
            return false;
        name = rest[..equals].Trim();
        rest = rest[(equals + 1)..].TrimStart(" \t");
        if (!rest.StartsWith('"'))
        {
            int end = rest.IndexOf(',');
            value = (end < 0 ? rest : rest[..end]).Trim().ToString();
            rest = end < 0 ? default : rest[end..];
            return true;
        }
        var text = new System.Text.StringBuilder();
        for (int i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                value = text.ToString();
                rest = rest[(i + 1)..];
                return true;
            }
            if (rest[i] == '\\' && i + 1 < rest.Length)
                i++;
            text.Append(rest[i]);
        }
        return false;
    }
}
