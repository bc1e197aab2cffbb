namespace Holdfast.Repository.Tests;

/// <summary>Requirements without a check, each with the reason. Short on purpose: whatever is not here and has no check fails the build.</summary>
internal static class Unchecked
{
    private const string Introspection = "later: APIs that introspect";
    private const string Registration = "later: dynamic registration";
    private const string Proxy = "a duty of the proxy: samples/proxies, tried by the tests through each proxy";

    public static readonly IReadOnlyDictionary<string, string> Reasons = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["DPOP-V-14"] = "a permission: the order is that of docs/adr/0001",
        ["DPOP-V-37"] = "a permission: nothing reads them",
        ["DPOP-AS-06"] = "a permission not used: a token asked for with a proof is bound",
        ["DPOP-AS-39"] = "later: resources hosted by the issuer",
        ["DPOP-C-11"] = "the client obtains tokens for machines, which have no refresh tokens",
        ["DPOP-C-22"] = "a permission not used: the client obtains tokens for machines",
        ["DPOP-C-27"] = "a permission not used: there is no way to a bearer token (DPOP-C-10)",
        ["AT-26"] = "a matter of the platform's cryptographic library",
        ["AT-33"] = "a permission not used: every resource server is told the same of a token for it",
        ["AT-34"] = Introspection,
        ["AT-36"] = Introspection,
        ["AT-60"] = "later: signed metadata",
        ["AT-62"] = "a token has one audience: AT-05 and AT-12",
        ["AT-63"] = Registration,
        ["AT-42"] = "later: token exchange",
        ["AT-43"] = "access tokens live minutes (DPOP-AS-37), and introspection tells at once (AT-32); later: the feed of revocations",
        ["AT-97"] = "what DPOP-V and MTLS are for",
        ["FAPI-08"] = "a permission: DPOP-AS-20",
        ["FAPI-09"] = "the leeway of assertions and proofs: AT-94 and DPOP-V-24",
        ["FAPI-10"] = "the leeway of assertions and proofs: AT-94 and DPOP-V-24",
        ["FAPI-11"] = "the metadata of AT-50",
        ["FAPI-21"] = "a duty of the client; beside a request_uri nothing else counts (DPOP-AS-36)",
        ["FAPI-22"] = "a duty of the client",
        ["FAPI-23"] = "DPOP-RS-08",
        ["FAPI-24"] = "AT-07 to AT-11; revocation is AT-43",
        ["FAPI-25"] = "DPOP-RS-02 and MTLS-23",
        ["FAPI-31"] = "five minutes by default, and refresh tokens: DPOP-AS-37, DPOP-AS-11",
        ["FAPI-32"] = "DPOP-V-27 and DPOP-RS-19",
        ["FAPI-33"] = "DPOP-C-24 and AT-07",
        ["FAPI-34"] = "LIFE-05, LIFE-09 and AT-40",
        ["LIFE-15"] = "later: an inventory of all keys; the issuer's own is told by issuer keys list",
        ["MTLS-41"] = "the authorization endpoint issues no tokens",
        ["MTLS-42"] = "a permission: the rules for it are FWD",
        ["MTLS-46"] = "TLS versions are the host's; the platform prefers 1.3",
        ["FWD-06"] = Proxy,
        ["FWD-07"] = Proxy,
        ["FWD-08"] = "nothing here writes the fields",
        ["FWD-10"] = "off unless AddForwardedClientCertificates declares a listener (FWD-09)",
        ["FWD-12"] = "shared caches keep no answer to a request with Authorization (RFC 9111 §3.5); what else an answer depends on is the application's",
        ["FWD-13"] = Proxy,
        ["FWD-14"] = "our client writes none of them",
        ["FWD-15"] = "a permission not used: a certificate that cannot be used is invalid_token",
        ["FWD-16"] = Proxy,
        ["FWD-17"] = "post-handshake authentication is not asked for (MTLS-48)",
        ["FWD-25"] = Proxy,
        ["FWD-37"] = Proxy,
    };

    /// <summary>Rules of proof validation without a vector of their own, each with the reason.</summary>
    public static readonly IReadOnlyDictionary<string, string> WithoutVector = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["DPOP-V-14"] = "a permission: a vector has one fault, so that any order will do",
        ["DPOP-V-16"] = "which normalisation is DPOP-V-17 and DPOP-V-18",
    };
}
