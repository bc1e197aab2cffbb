using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>X-Forwarded-Client-Cert as Envoy writes it.</summary>
internal sealed class EnvoyXfccCases : ForwardedCases
{
    private const string Xfcc = "X-Forwarded-Client-Cert";

    public EnvoyXfccCases() : base("envoy-xfcc", "FWD-26, FWD-27, FWD-28, FWD-30, FWD-31")
    {
        string hash = Client.Hex, cert = Client.Escaped, hop = $"By=http://backend.lyft.com;Hash={Certificates.Issued.Hex};URI=http://frontend.lyft.com";
        TestCertificate issued = Certificates.Issued;
        Read("documented", "The form that Envoy documents.", [Xfcc, $"By=http://frontend.lyft.com;Hash={hash};Subject=\"/C=US/ST=CA/L=San Francisco/OU=Lyft/CN=Test Client\";URI=http://testclient.lyft.com"]);
        Read("documented-dns", "The form that Envoy documents, with DNS names.", [Xfcc, $"By=http://frontend.lyft.com;Hash={hash};Subject=\"/C=US/ST=CA/L=San Francisco/OU=Lyft/CN=Test Client\";URI=http://testclient.lyft.com;DNS=lyft.com;DNS=www.lyft.com"]);
        Read("hash", "The hash alone.", [Xfcc, $"Hash={hash}"]);
        Read("hash-in-capitals", "Hexadecimal digits in upper case.", [Xfcc, $"Hash={hash.ToUpperInvariant()}"]);
        Read("hash-quoted", "A quoted hash.", [Xfcc, $"Hash=\"{hash}\""]);
        Read("hash-and-cert", "The hash and the certificate, which agree.", [Xfcc, $"By=;Hash={hash};Cert=\"{cert}\""]);
        Read("cert", "The certificate alone.", [Xfcc, $"By=spiffe://example.com/api;Cert=\"{cert}\""]);
        Read("chain", "The hash and the chain, whose first certificate is the client's.", issued, [Xfcc, $"By=;Hash={issued.Hex};Chain=\"{TestCertificate.EscapedPem(issued, Certificates.Intermediate)}\""]);
        Read("cert-and-chain", "Everything that can be said, and all agrees.", issued, [Xfcc, $"By=;Hash={issued.Hex};Cert=\"{issued.Escaped}\";Chain=\"{TestCertificate.EscapedPem(issued, Certificates.Intermediate)}\";Subject=\"\";URI=;DNS="]);
        Read("keys-in-other-case", "Keys are case-insensitive.", [Xfcc, $"BY=x;hASH={hash};SUBJECT=\"CN=x\""]);
        Read("by-and-uri-repeated", "By, URI and DNS may repeat.", [Xfcc, $"By=a;By=b;Hash={hash};URI=a;URI=b;DNS=a;DNS=b"]);
        Read("subject-with-separators", "A subject with commas and semicolons that spell an element: it is quoted.", [Xfcc, $"By=;Hash={hash};Subject=\"CN=x\\,y;Hash={Thief.Hex},Hash={Thief.Hex}\""]);
        Read("subject-with-quotes", "A subject with quotes that spell an element: they are escaped.", [Xfcc, $"By=;Hash={hash};Subject=\"CN=\\\";Hash={Thief.Hex};Subject=\\\"\""]);
        Read("subject-ends-with-a-backslash", "An escaped backslash before the closing quote.", [Xfcc, $"By=;Subject=\"CN=x\\\\\";Hash={hash}"]);
        Read("uri-quoted", "A quoted URI with a comma, a semicolon and an equals sign.", [Xfcc, $"By=;Hash={hash};URI=\"http://x?a=b,c;d\""]);
        Good("envoy-xfcc-two-hops", "FWD-30, FWD-32", "Two Envoys: the outer one wrote the first element about its client, the inner one the last about the outer.", s => Hops(s, 2, $"By=http://frontend.lyft.com;Hash={hash};URI=http://testclient.lyft.com,{hop}"));
        Good("envoy-xfcc-three-hops", "FWD-30", "Three Envoys.", s => Hops(s, 3, $"By=;Hash={hash},{hop},{hop}"));
        None("absent", "No field: the client had no certificate.");
        Another("hash-of-the-thief", "The thief's certificate.", [Xfcc, $"By=;Hash={Thief.Hex}"]);
        Another("hash-of-the-thief-whose-name-spells-another", "The thief's certificate, with a subject that spells the client's hash.", [Xfcc, $"By=;Hash={Thief.Hex};Subject=\"CN=\\\",Hash={hash};Subject=\\\"\""]);
        BadToken("envoy-xfcc-two-hops-first-is-the-thief", "FWD-30, MTLS-24", "The outer Envoy's client is the thief; that the client's hash stands last means the outer Envoy has it.", "certificate_mismatch",
            s => Hops(s, 2, $"By=;Hash={Thief.Hex},By=;Hash={hash}"));
    }

    private static void Hops(Scene s, int hops, string value)
    {
        s.BindTo(Client);
        s.Forward(new JsonObject { ["format"] = "envoy-xfcc", ["hops"] = hops }, [Xfcc, value]);
    }
}

/// <summary>X-Forwarded-Client-Cert as nobody may read it.</summary>
internal sealed class EnvoyXfccRefusedCases : ForwardedCases
{
    private const string Xfcc = "X-Forwarded-Client-Cert";

    public EnvoyXfccRefusedCases() : base("envoy-xfcc", "FWD-26, FWD-27, FWD-28, FWD-29, FWD-30, FWD-31")
    {
        string hash = Client.Hex, cert = Client.Escaped, thief = Thief.Hex;
        Bad("forged-element-first", "An element that the client sent in front of Envoy's own.", $"By=;Hash={hash},By=;Hash={thief}");
        Bad("element-too-many", "Two elements where one Envoy stands: who wrote which cannot be told.", $"By=;Hash={thief},By=;Hash={hash}");
        Unreadable("line-twice", "A client's own line in front of Envoy's.", [Xfcc, $"By=;Hash={hash}"], [Xfcc, $"By=;Hash={thief}"]);
        Bad("uri-forges-an-element", "The URI in the thief's certificate spells an element, and Envoy does not quote URIs.", $"By=;Hash={thief};URI=urn:x,By=;Hash={hash}");
        Bad("dns-forges-an-element", "A DNS name in the thief's certificate spells an element.", $"By=;Hash={thief};DNS=x,Hash={hash}");
        Bad("uri-forges-a-hash", "The URI in the thief's certificate spells another hash.", $"By=;Hash={thief};URI=urn:x;Hash={hash}");
        Bad("uri-forges-a-cert", "The URI in the thief's certificate spells the client's certificate.", $"By=;Hash={thief};URI=urn:x;Cert=\"{cert}\"");
        Bad("uri-forges-a-chain", "The URI in the thief's certificate spells the client's chain.", $"By=;Hash={thief};URI=urn:x;Chain=\"{cert}\"");
        Bad("by-with-semicolons", "An unquoted By with semicolons, as Envoy writes it.", $"By=urn:abc:servicePrincipal(grpc-sample-service;None;i001);Hash={hash}");
        Bad("by-with-comma", "An unquoted By with a comma.", $"By=urn:abc(a,b);Hash={hash}");
        Bad("uri-with-equals", "An unquoted URI with an equals sign.", $"By=;Hash={hash};URI=http://x?a=b");
        Bad("hash-twice", "Two hashes.", $"By=;Hash={hash};Hash={thief}");
        Bad("hash-twice-in-other-case", "Two hashes under keys in different case.", $"By=;HASH={hash};hash={hash}");
        Bad("cert-twice", "Two certificates.", $"By=;Cert=\"{Thief.Escaped}\";Cert=\"{cert}\"");
        Bad("chain-twice", "Two chains.", $"By=;Hash={hash};Chain=\"{cert}\";Chain=\"{cert}\"");
        Bad("subject-twice", "Two subjects.", $"By=;Hash={hash};Subject=\"CN=a\";Subject=\"CN=b\"");
        Bad("cert-disagrees", "The hash of one certificate and another one.", $"By=;Hash={thief};Cert=\"{cert}\"");
        Bad("chain-disagrees", "The client's certificate is not the first of the chain.", $"By=;Hash={hash};Chain=\"{TestCertificate.EscapedPem(Thief, Client)}\"");
        Bad("cert-of-two", "Two certificates in Cert.", $"By=;Hash={hash};Cert=\"{TestCertificate.EscapedPem(Client, Thief)}\"");
        Bad("quote-stray", "A quote inside an unquoted value.", $"By=;Hash={hash};URI=urn:\"x");
        Bad("quote-at-the-end", "A quote at the end of an unquoted value.", $"By=;Hash={hash}\"");
        Bad("quote-unbalanced", "A quoted value without an end.", $"By=;Hash={hash};Subject=\"CN=x");
        Bad("quote-escaped-at-the-end", "The closing quote is escaped.", $"By=;Hash={hash};Subject=\"CN=x\\\"");
        Bad("text-behind-a-quote", "Text behind the closing quote.", $"By=;Hash={hash};Subject=\"CN=x\"y");
        Bad("key-behind-a-quote", "A key behind the closing quote, without a semicolon.", $"By=;Hash={hash};Subject=\"CN=x\"xURI=y");
        Bad("quote-inside-quotes", "A quote in a quoted value that is not escaped.", $"By=;Hash={hash};Subject=\"CN=\"x\"\"");
        Bad("key-unknown", "A key that Envoy does not write.", $"By=;Hash={hash};Foo=x");
        Bad("key-quoted", "A quoted key.", $"By=;\"Hash\"={hash}");
        Bad("key-without-value", "A key without a value.", $"By=;Hash={hash};Subject");
        Bad("semicolon-at-the-end", "A semicolon at the end.", $"By=;Hash={hash};");
        Bad("comma-at-the-end", "A comma at the end.", $"By=;Hash={hash},");
        Bad("space-behind-a-semicolon", "A space behind a semicolon.", $"By=; Hash={hash}");
        Bad("empty", "An empty field states nothing.", "");
        Bad("neither-hash-nor-cert", "Nothing that tells the certificate.", "By=spiffe://a;Subject=\"CN=x\";URI=spiffe://b");
        Bad("hash-empty", "An empty hash.", "By=;Hash=");
        Bad("hash-base64url", "The hash in base64url.", $"By=;Hash={Client.Thumbprint}");
        Bad("hash-short", "A digit is missing.", $"By=;Hash={hash[..^1]}");
        Bad("hash-sha-1", "A SHA-1 hash.", $"By=;Hash={Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(Client.Der))}");
        Bad("hash-with-colons", "Colons between the octets.", $"By=;Hash={string.Join(':', hash.Chunk(2).Select(pair => new string(pair)))}");
        Bad("cert-not-escaped", "PEM with spaces.", $"By=;Hash={hash};Cert=\"{Client.Spaced}\"");
        Bad("cert-escaped-twice", "Escaped twice.", $"By=;Hash={hash};Cert=\"{Uri.EscapeDataString(cert)}\"");
        Unreadable("element-too-few", "One element where two Envoys stand.", 2, [Xfcc, $"By=;Hash={hash}"]);
        Unreadable("element-too-many-for-two", "Three elements where two Envoys stand.", 2, [Xfcc, $"By=;Hash={hash},By=;Hash={hash},By=;Hash={thief}"]);
    }

    private void Bad(string id, string description, string value) => Unreadable(id, description, [Xfcc, value]);

    private void Unreadable(string id, string description, int hops, params string[][] lines) =>
        Bad($"envoy-xfcc-{id}", "FWD-30, FWD-32", description, "certificate_header_unreadable", "invalid_request",
            s => { s.BindTo(Client); s.Forward(new JsonObject { ["format"] = "envoy-xfcc", ["hops"] = hops }, lines); });
}
