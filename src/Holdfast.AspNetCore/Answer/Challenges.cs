using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.AspNetCore;

/// <summary>
/// The <c>WWW-Authenticate</c> values of a resource (RFC 9449 §7.1; RFC 6750 §3; RFC 9728 §5.1). Everything in them comes from
/// configuration and the failure table, so each is written once.
/// </summary>
internal sealed class Challenges(IReadOnlyList<string> algorithms, string? metadataUrl)
{
    private readonly ConcurrentDictionary<(VerificationFailure, bool, ChallengeSchemes), StringValues> _written = [];
    // DPOP-RS-11, RFC 9449 §7.1: algs lists the algorithms accepted in proofs.
    private readonly string _algs = string.Join(' ', algorithms);

    /// <summary>The challenge of a failure (DPOP-RS-09, RFC 9449 §7.1). <paramref name="offerBearer"/>: the resource takes
    /// tokens by that scheme too, unbound or bound to a certificate (DPOP-RS-16, RFC 8705 §3).</summary>
    public StringValues Of(FailureInfo failure, bool offerBearer, ChallengeSchemes used)
    {
        // DPOP-RS-15, RFC 9449 §7.2: the error goes in the challenge of the scheme used; into both where that is ambiguous.
        ChallengeSchemes errorIn = !offerBearer ? ChallengeSchemes.DPoP : used == ChallengeSchemes.None ? ChallengeSchemes.Both : used;
        return _written.TryGetValue((failure.Failure, offerBearer, errorIn), out StringValues value)
            ? value
            : _written.GetOrAdd((failure.Failure, offerBearer, errorIn), Write(failure.WireError, failure.Description, offerBearer, errorIn));
    }

    /// <summary>The challenge of a request that is authenticated and still may not (RFC 6750 §3.1).</summary>
    public StringValues InsufficientScope(bool offerBearer, ChallengeSchemes used) =>
        Write("insufficient_scope", "The token does not permit this request.", offerBearer, offerBearer && used == ChallengeSchemes.Bearer ? used : ChallengeSchemes.DPoP);

    private StringValues Write(string? error, string description, bool offerBearer, ChallengeSchemes errorIn)
    {
        string dpop = Write("DPoP", errorIn.HasFlag(ChallengeSchemes.DPoP) ? error : null, description, _algs);
        return offerBearer ? new StringValues(new[] { dpop, Write("Bearer", errorIn.HasFlag(ChallengeSchemes.Bearer) ? error : null, description, null) }) : dpop;
    }

    private string Write(string scheme, string? error, string description, string? algs)
    {
        var text = new StringBuilder(scheme);
        char before = ' ';
        // DPOP-RS-12: error_description, and no realm or scope, which would say nothing that the metadata does not.
        // DPOP-RS-10, DPOP-RS-14, RFC 9449 §7.1: error first, and only where credentials were sent.
        if (error is not null)
        {
            // DPOP-RS-13, RFC 9449 §7.1: the table tells broken proofs, nonces and bad tokens apart.
            Append("error", error);
            // DPOP-RS-12, RFC 9449 §7.1: a description that is safe to show.
            Append("error_description", description);
        }
        if (algs is not null)
            Append("algs", algs);
        // AT-59, RFC 9728 §5.1: resource_metadata on DPoP challenges too.
        if (metadataUrl is not null)
            Append("resource_metadata", metadataUrl);
        return text.ToString();

        void Append(string name, string value)
        {
            text.Append(before).Append(before == ',' ? " " : "").Append(name).Append("=\"");
            foreach (char c in value)
            {
                // RFC 6750 §3: visible ASCII without quote and backslash; the table is held to that, configuration is not.
                text.Append(c is >= ' ' and <= '~' and not '"' and not '\\' ? c : '?');
            }
            text.Append('"');
            before = ',';
        }
    }

    /// <summary>The scheme that the caller plainly used, or none where that is ambiguous.</summary>
    public static ChallengeSchemes Used(HttpRequest request)
    {
        StringValues lines = request.Headers.Authorization;
        if (lines.Count != 1 || lines[0] is not { } line)
            return ChallengeSchemes.None;
        return line.StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase) ? ChallengeSchemes.DPoP
            : line.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? ChallengeSchemes.Bearer
            : ChallengeSchemes.None;
    }
}
