using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>Spellings of one target that compare equal.</summary>
internal sealed class HtuCases : CaseTable
{
    public HtuCases() : base("htu")
    {
        Same("scheme-in-capitals", "DPOP-V-17, RFC 3986 §6.2.2.1", "The scheme in capitals.", "https://api.example.com/orders/7", "HTTPS://api.example.com/orders/7");
        Same("host-in-capitals", "DPOP-V-17, RFC 3986 §6.2.2.1", "The host in capitals.", "https://api.example.com/orders/7", "https://API.Example.COM/orders/7");
        Same("default-port-in-htu", "DPOP-V-17, RFC 3986 §6.2.3", "The default port written out in htu.", "https://api.example.com/orders/7", "https://api.example.com:443/orders/7");
        Same("default-port-in-request", "DPOP-V-17, RFC 3986 §6.2.3", "The default port written out in the Host field.", "https://api.example.com:443/orders/7", "https://api.example.com/orders/7");
        Same("default-port-of-http", "DPOP-V-17, RFC 3986 §6.2.3", "Port 80 of http.", "http://localhost/orders/7", "http://localhost:80/orders/7");
        Same("empty-port", "DPOP-V-17, RFC 3986 §6.2.3", "A colon without a port.", "https://api.example.com/orders/7", "https://api.example.com:/orders/7");
        Same("other-port", "DPOP-V-09", "A port that is not the default one.", "https://api.example.com:8443/orders/7", "https://api.example.com:8443/orders/7");
        Same("empty-path", "DPOP-V-17, RFC 3986 §6.2.3", "An empty path is a slash.", "https://api.example.com/", "https://api.example.com");
        Same("hex-in-lower-case", "DPOP-V-17, RFC 3986 §6.2.2.1", "The hex digits of an escape in lower case.", "https://api.example.com/a%2Fb", "https://api.example.com/a%2fb");
        Same("request-hex-in-lower-case", "DPOP-V-17, RFC 3986 §6.2.2.1", "The hex digits of the request's escape in lower case.", "https://api.example.com/caf%c3%a9", "https://api.example.com/caf%C3%A9");
        Same("unreserved-encoded", "DPOP-V-17, RFC 3986 §6.2.2.2", "Letters, digits and -._~ encoded in htu.", "https://api.example.com/orders/7-x._~", "https://api.example.com/%6Frders/%37%2Dx%2E%5F%7E");
        Same("request-unreserved-encoded", "DPOP-V-17, RFC 3986 §6.2.2.2", "An unreserved octet encoded in the request: compared with the raw wire path.", "https://api.example.com/%7Euser", "https://api.example.com/~user");
        Same("dot-segments", "DPOP-V-17, RFC 3986 §5.2.4", "Dot segments in htu.", "https://api.example.com/orders/7", "https://api.example.com/a/../orders/./7");
        Same("request-dot-segments", "DPOP-V-17, RFC 3986 §5.2.4", "Dot segments in the request line.", "https://api.example.com/a/../orders/./7", "https://api.example.com/orders/7");
        Same("dot-segments-encoded", "DPOP-V-17, RFC 3986 §6.2.2", "Encoded dots: decoded first, removed then.", "https://api.example.com/orders/7", "https://api.example.com/a/%2E%2e/orders/%2e/7");
        Same("dot-segments-above-the-root", "DPOP-V-17, RFC 3986 §5.2.4", "There is nothing above the root.", "https://api.example.com/orders/7", "https://api.example.com/../../orders/7");
        Same("query-in-htu", "DPOP-V-20, DPOP-V-09", "A client that left the query in htu is tolerated.", "https://api.example.com/orders?state=open", "https://api.example.com/orders?state=open");
        Same("other-query-in-htu", "DPOP-V-20, DPOP-V-09", "The query takes no part, not even another one.", "https://api.example.com/orders?state=open", "https://api.example.com/orders?state=closed");
        Same("fragment-in-htu", "DPOP-V-20, DPOP-V-09", "A client that left the fragment in htu is tolerated.", "https://api.example.com/orders", "https://api.example.com/orders#top");
        Same("query-in-request", "DPOP-V-09", "The query of the request is left out.", "https://api.example.com/orders?a=%20&b=../x?y", "https://api.example.com/orders");
        Same("brackets-in-request-query", "DPOP-V-09", "Browsers leave brackets and braces raw in a query.", "https://api.example.com/orders?filter[a]={b}|c", "https://api.example.com/orders");
        Same("double-slash-on-both-sides", "DPOP-V-18", "Two slashes are two slashes on both sides.", "https://api.example.com//orders//7", "https://api.example.com//orders//7");
        Same("trailing-slash-on-both-sides", "DPOP-V-18", "A trailing slash on both sides.", "https://api.example.com/orders/", "https://api.example.com/orders/");
        Same("reserved-raw-on-both-sides", "DPOP-V-18", "Sub-delimiters, colon and at sign, raw on both sides.", "https://api.example.com/a:b@c;d=e,f!$&'()*+", "https://api.example.com/a:b@c;d=e,f!$&'()*+");
        Same("reserved-encoded-on-both-sides", "DPOP-V-18", "Reserved octets encoded on both sides.", "https://api.example.com/a%3Ab%40c%3Fd%23e", "https://api.example.com/a%3Ab%40c%3Fd%23e");
        Same("octets-that-are-no-utf8", "DPOP-V-17", "Escapes stand for octets; they need not spell UTF-8.", "https://api.example.com/%FF%C0", "https://api.example.com/%ff%c0");
        Same("ipv6-spelled-out", "DPOP-V-17, RFC 5952 §4", "An IPv6 literal without abbreviation.", "https://[2001:db8::1]/orders", "https://[2001:0DB8:0:0:0:0:0:1]/orders");
        Same("ipv6-default-port", "DPOP-V-17, RFC 3986 §6.2.3", "The default port behind an IPv6 literal.", "https://[2001:db8::1]/orders", "https://[2001:db8::1]:443/orders");
        Same("ipv4", "DPOP-V-09", "An IPv4 address.", "http://127.0.0.1:8080/orders", "http://127.0.0.1:8080/orders");
        Same("u-label", "DPOP-V-19, RFC 5890 §2.3.2.1", "A client wrote the U-label of a host; the wire has its A-label.", "https://xn--bcher-kva.example/orders", "https://bücher.example/orders");
        Same("a-label-in-capitals", "DPOP-V-17", "An A-label in capitals.", "https://xn--bcher-kva.example/orders", "https://XN--BCHER-KVA.example/orders");
        Good("htu-of-the-second-origin", "DPOP-V-21, DPOP-AS-40", "The server has two public origins; the request came to the second one.", s =>
        {
            s.Url = "https://mtls.api.example.com/orders/7";
            s.Policy["origins"] = new JsonArray("https://api.example.com", "https://mtls.api.example.com");
        });
    }

    private void Same(string id, string spec, string description, string url, string htu) =>
        Good("htu-" + id, "DPOP-V-16, " + spec, description, s => { s.Url = url; s.Proof.Claim("htu", htu); });
}
