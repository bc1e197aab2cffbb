using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>The Authorization field, and tokens where none may be.</summary>
internal sealed class CredentialCases : CaseTable
{
    public CredentialCases() : base("resource")
    {
        Good("scheme-in-lower-case", "DPOP-RS-05, RFC 9110 §11.1", "Scheme names are case-insensitive.", s => s.Scheme = "dpop");
        Good("scheme-in-capitals", "DPOP-RS-05, RFC 9110 §11.1", "Scheme names are case-insensitive.", s => s.Scheme = "DPOP");
        Good("several-spaces", "DPOP-RS-06, RFC 9449 §7.1", "One or more spaces stand between scheme and token.", s => s.Credentials = t => "DPoP   " + t);
        Good("field-names-in-other-case", "RFC 9110 §5.1", "Field names are case-insensitive.", s => s.Fields = f => [["AUTHORIZATION", f[0][1]], ["dpop", f[1][1]]]);

        Bad("authorization-missing", "DPOP-RS-14, RFC 9449 §7.1", "No credentials at all, and no error code.", "credentials_missing", null, s => s.Fields = _ => []);
        Bad("authorization-missing-with-proof", "DPOP-V-40, RFC 9449 §4", "A valid proof without a token grants nothing.", "credentials_missing", null, s => s.Fields = f => [f[1]]);
        Bad("authorization-empty", "DPOP-RS-06", "An empty Authorization field.", "authorization_malformed", "invalid_request", s => s.Credentials = _ => "");
        Bad("authorization-scheme-only", "DPOP-RS-06", "A scheme without a token.", "authorization_malformed", "invalid_request", s => s.Credentials = _ => "DPoP");
        Bad("authorization-token-only", "DPOP-RS-06", "A token without a scheme.", "authorization_malformed", "invalid_request", s => s.Credentials = t => t);
        Bad("authorization-two-tokens", "DPOP-RS-06", "Two tokens behind one scheme.", "authorization_malformed", "invalid_request", s => s.Credentials = t => $"DPoP {t} {t}");
        Bad("authorization-list", "DPOP-RS-06, DPOP-RS-07", "Two credentials joined by a comma.", "authorization_malformed", "invalid_request", s => s.Credentials = t => $"DPoP {t}, Bearer {t}");
        Bad("authorization-parameters", "DPOP-RS-06", "Parameters where token68 is wanted.", "authorization_malformed", "invalid_request", s => s.Credentials = t => $"DPoP token=\"{t}\"");
        Bad("authorization-tab", "DPOP-RS-06", "A tab between scheme and token.", "authorization_malformed", "invalid_request", s => s.Credentials = t => "DPoP\t" + t);
        Bad("authorization-quoted", "DPOP-RS-06", "The token in quotes.", "authorization_malformed", "invalid_request", s => s.Credentials = t => $"DPoP \"{t}\"");
        Bad("authorization-equals-only", "DPOP-RS-06", "Padding without a token.", "authorization_malformed", "invalid_request", s => s.Credentials = _ => "DPoP ==");
        Bad("authorization-basic", "RFC 9110 §11.6.1, DPOP-RS-14", "Another scheme.", "scheme_unsupported", null, s => s.Credentials = _ => "Basic dXNlcjpwYXNz");
        Bad("authorization-scheme-begins-alike", "DPOP-RS-05", "A scheme that only begins like DPoP.", "scheme_unsupported", null, s => s.Credentials = t => "DPoPX " + t);
        Bad("authorization-twice", "DPOP-RS-07, RFC 6750 §3.1", "The same Authorization line twice.", "authorization_repeated", "invalid_request", s => s.Fields = f => [f[0], f[0], f[1]]);
        Bad("authorization-twice-one-bearer", "DPOP-RS-07, RFC 9449 §7.2", "The token as Bearer and as DPoP.", "authorization_repeated", "invalid_request", s => s.Fields = f => [["Authorization", "Bearer" + f[0][1][4..]], .. f]);
        Bad("authorization-twice-one-basic", "DPOP-RS-07", "A Basic line beside a good DPoP line.", "authorization_repeated", "invalid_request", s => s.Fields = f => [.. f, ["Authorization", "Basic dXNlcjpwYXNz"]]);
        Bad("token-in-query", "DPOP-RS-08, RFC 6750 §2.3", "The token in the query and nowhere else.", "token_outside_header", "invalid_request",
            s => { s.Url += "?access_token=" + s.TokenTextOnce(); s.Fields = f => [f[1]]; });
        Bad("token-in-query-too", "DPOP-RS-07, DPOP-RS-08", "A token in the query beside good credentials.", "token_outside_header", "invalid_request", s => s.Url += "?a=1&access_token=x");
        Bad("token-in-query-escaped", "DPOP-RS-08", "The name of the parameter spelled with an escape.", "token_outside_header", "invalid_request", s => s.Url += "?access%5Ftoken=x");
        Bad("token-in-proxy-authorization", "DPOP-RS-17", "Proxy-Authorization is not for resources.", "credentials_missing", null, s => s.Fields = f => [["Proxy-Authorization", f[0][1]], f[1]]);
        Bad("token-in-dpop-field-only", "DPOP-V-40", "The token where the proof belongs, and no Authorization field.", "credentials_missing", null, s => s.Fields = f => [["DPoP", f[0][1][5..]]]);
        BadProof("proof-and-token-swapped", "DPOP-V-04, AT-23", "The access token is sent as proof.", "proof_type_wrong", s => s.Fields = f => [f[0], ["DPoP", f[0][1][5..]]]);
    }
}
