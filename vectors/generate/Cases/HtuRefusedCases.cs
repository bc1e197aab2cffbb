using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>Targets that differ, and what is no target at all.</summary>
internal sealed class HtuRefusedCases : CaseTable
{
    private const string Api = "https://api.example.com";

    public HtuRefusedCases() : base("htu")
    {
        Differs("scheme-differs", "DPOP-V-09", "http instead of https.", Api + "/orders/7", "http://api.example.com/orders/7");
        Differs("scheme-differs-with-port", "DPOP-V-09", "http with the port of https.", Api + "/orders/7", "http://api.example.com:443/orders/7");
        Differs("host-differs", "DPOP-V-09", "A proof for another resource.", Api + "/orders/7", "https://other.example.com/orders/7");
        Differs("host-is-the-parent", "DPOP-V-09", "The parent domain.", Api + "/orders/7", "https://example.com/orders/7");
        Differs("host-begins-alike", "DPOP-V-09", "A host that begins with the right one.", Api + "/orders/7", "https://api.example.com.evil.example/orders/7");
        Differs("host-trailing-dot", "DPOP-V-18", "A trailing dot makes another name.", Api + "/orders/7", "https://api.example.com./orders/7");
        Differs("host-ipv4-in-octal", "DPOP-V-18", "An octal spelling of the address is not repaired.", "http://127.0.0.1/orders", "http://0177.0.0.1/orders");
        Differs("host-ipv4-as-number", "DPOP-V-18", "The address as one number is not repaired.", "http://127.0.0.1/orders", "http://2130706433/orders");
        Differs("host-ipv4-in-ipv6", "DPOP-V-18", "The IPv4-mapped IPv6 address is another address.", "http://127.0.0.1/orders", "http://[::ffff:127.0.0.1]/orders");
        Differs("port-differs", "DPOP-V-09", "Another port.", Api + "/orders/7", Api + ":8443/orders/7");
        Differs("port-missing", "DPOP-V-09", "The request came to a port that htu does not name.", Api + ":8443/orders/7", Api + "/orders/7");
        Differs("port-default-of-the-other-scheme", "DPOP-V-17", "Port 80 is not the default port of https.", Api + "/orders/7", Api + ":80/orders/7");
        Differs("path-differs", "DPOP-V-09", "A captured proof on another path.", Api + "/orders/7", Api + "/orders/8");
        Differs("path-case-differs", "DPOP-V-18, RFC 3986 §6.2.2.1", "Paths are case-sensitive.", Api + "/orders/7", Api + "/Orders/7");
        Differs("path-is-the-parent", "DPOP-V-09", "A proof for the collection.", Api + "/orders/7", Api + "/orders");
        Differs("path-prefix-missing", "DPOP-V-21, FWD-64", "The path as it is behind a prefix-stripping proxy.", Api + "/api/orders/7", Api + "/orders/7");
        Differs("path-prefix-added", "DPOP-V-21, FWD-64", "A path with a prefix that the public URL does not have.", Api + "/orders/7", Api + "/v1/orders/7");
        Differs("path-is-the-root", "DPOP-V-09", "A proof for the origin only.", Api + "/orders/7", Api);
        Differs("path-is-the-root-as-query", "DPOP-V-09, DPOP-V-20", "The right path in the query, which is dropped.", Api + "/orders/7", Api + "/?/orders/7");
        Differs("trailing-slash-added", "DPOP-V-18", "A trailing slash in htu only.", Api + "/orders", Api + "/orders/");
        Differs("trailing-slash-missing", "DPOP-V-18", "A trailing slash in the request only.", Api + "/orders/", Api + "/orders");
        Differs("double-slash", "DPOP-V-18", "Two slashes are not one.", Api + "/orders/7", Api + "/orders//7");
        Differs("slash-encoded", "DPOP-V-18", "%2F is not a slash.", Api + "/a/b", Api + "/a%2Fb");
        Differs("request-slash-encoded", "DPOP-V-18, DPOP-V-27", "The request has %2F, the proof a slash.", Api + "/a%2Fb", Api + "/a/b");
        Differs("question-mark-encoded", "DPOP-V-18", "%3F is part of the path, ? ends it.", Api + "/a?b", Api + "/a%3Fb");
        Differs("at-sign-encoded", "DPOP-V-18", "%40 is not @.", Api + "/users/a@b", Api + "/users/a%40b");
        Differs("ampersand-encoded", "DPOP-V-18", "%26 is not &.", Api + "/a&b", Api + "/a%26b");
        Differs("double-encoded", "DPOP-V-18", "Decoded once and no more.", Api + "/a%20b", Api + "/a%2520b");
        Differs("plus-for-space", "DPOP-V-18", "+ is not a space in a path.", Api + "/a%20b", Api + "/a+b");
        Differs("semicolon-dropped", "DPOP-V-18", "Path parameters are part of the path.", Api + "/orders;v=1", Api + "/orders");
        Differs("dot-segments-behind-encoded-slash", "DPOP-V-17, DPOP-V-18", "%2F ends no segment, so ..%2F is no dot segment.", Api + "/b", Api + "/a/..%2Fb");
        Differs("unicode-composed", "DPOP-V-18", "Composed and decomposed letters are different octets.", Api + "/caf%C3%A9", Api + "/cafe%CC%81");
        BadProof("htu-origin-not-declared", "DPOP-V-21", "The proof is for the name in the Host field, which is not among the declared origins' URLs of the request.", "target_mismatch", s =>
        {
            s.Policy["origins"] = new JsonArray(Api);
            s.Proof.Claim("htu", "https://evil.example/orders/7");
        });

        Malformed("relative", "htu is a path.", "/orders/7");
        Malformed("scheme-relative", "htu has no scheme.", "//api.example.com/orders/7");
        Malformed("host-only", "htu is a host and a path.", "api.example.com/orders/7");
        Malformed("other-scheme", "htu is an ftp URL.", "ftp://api.example.com/orders/7");
        Malformed("one-slash", "One slash behind the scheme, which browsers repair.", "https:/api.example.com/orders/7");
        Malformed("no-host", "An empty host.", "https:///orders/7");
        Malformed("userinfo", "A user name before the host.", "https://api.example.com@evil.example/orders/7");
        Malformed("userinfo-empty", "An at sign with nothing before it.", "https://@api.example.com/orders/7");
        Malformed("backslash", "A backslash, which browsers turn into a slash.", "https://api.example.com\\orders\\7");
        Malformed("space", "A raw space.", "https://api.example.com/orders/ 7");
        Malformed("leading-space", "A space before the URL: nothing is trimmed.", " https://api.example.com/orders/7");
        Malformed("trailing-newline", "A line feed behind the URL: nothing is trimmed.", "https://api.example.com/orders/7\n");
        Malformed("tab", "A tab, which browsers remove.", "https://api.example.com/or\tders/7");
        Malformed("null-octet", "U+0000 in the path.", "https://api.example.com/orders/7\0");
        Malformed("control-character", "U+0001 in the path.", "https://api.example.com/orders/7\u0001");
        Malformed("quote", "A double quote in the path.", "https://api.example.com/orders/\"7\"");
        Malformed("angle-brackets", "The URL in angle brackets.", "<https://api.example.com/orders/7>");
        Malformed("braces", "An unfilled template.", "https://api.example.com/orders/{id}");
        Malformed("pipe", "A raw pipe.", "https://api.example.com/orders/7|8");
        Malformed("non-ascii-path", "A raw letter beyond ASCII in the path.", "https://api.example.com/café");
        Malformed("non-ascii-query", "A raw letter beyond ASCII in the query, though it is dropped.", "https://api.example.com/orders/7?é");
        Malformed("escape-cut-short", "An escape of one digit at the end.", "https://api.example.com/orders/%2");
        Malformed("escape-not-hex", "An escape that is not hexadecimal.", "https://api.example.com/orders/%zz");
        Malformed("percent-alone", "A raw percent sign.", "https://api.example.com/100%/7");
        Malformed("host-encoded", "A percent-escape in the host.", "https://api%2Eexample.com/orders/7");
        Malformed("host-with-empty-label", "Two dots in the host.", "https://api..example.com/orders/7");
        Malformed("host-full-width", "A full-width solidus in the host.", "https://api.example.com／orders/7");
        Malformed("host-u-label-in-capitals", "A U-label that would have to be mapped first.", "https://BÜCHER.example/orders/7");
        Malformed("port-too-large", "Port 65536.", "https://api.example.com:65536/orders/7");
        Malformed("port-not-a-number", "A port with a sign.", "https://api.example.com:+443/orders/7");
        Malformed("ipv6-broken", "A broken IPv6 literal.", "https://[2001:db8:::1]/orders/7");
        Malformed("ipv6-zone", "An IPv6 literal with a zone.", "https://[fe80::1%25eth0]/orders/7");
        Malformed("too-long", "A URL of 4097 characters.", "https://api.example.com/" + new string('x', 4073));
    }

    private void Differs(string id, string spec, string description, string url, string htu) =>
        BadProof("htu-" + id, "RFC 9449 §4.3 (9), " + spec, description, "target_mismatch", s => { s.Url = url; s.Proof.Claim("htu", htu); });

    private void Malformed(string id, string description, string htu) =>
        BadProof("htu-malformed-" + id, "RFC 9449 §4.2, DPOP-V-19", description, "target_malformed", s => s.Proof.Claim("htu", htu));
}
