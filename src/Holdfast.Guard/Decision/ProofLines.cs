using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Guard.Internal;

/// <summary>The <c>DPoP</c> fields of a request that came through a proxy.</summary>
internal static class ProofLines
{
    /// <summary>The lines; one that somebody joined from several counts as several.</summary>
    public static FieldLines Of(HttpRequest request)
    {
        FieldLines lines = DPoPFields.Read(request.Headers[DPoPFields.DPoP]);
        // FWD-63, RFC 9449 §4.3 step 1: a proxy may join repeated fields by commas, and no proof has one.
        return lines.Single is { } line && line.Contains(',', StringComparison.Ordinal) ? line.Split(',', 3) : lines;
    }
}
