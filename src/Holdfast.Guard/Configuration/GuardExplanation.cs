using System.Globalization;
using Holdfast.Guard.Internal;

namespace Holdfast.Guard;

/// <summary>Says in sentences what a configuration means, so that an operator can compare it with what was meant.</summary>
public static class GuardExplanation
{
    /// <summary>One sentence an entry, in the order of the file.</summary>
    public static IReadOnlyList<string> Of(GuardConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return
        [
            $"Contexts are issued in the name of {config.Name}; their keys are kept in {config.DataDirectory} and exchanged every {YamlMap.InWords(config.ContextKeyLifetime)}.",
            .. config.Listeners.Select(Listener),
            .. config.Issuers.Select(Issuer),
            .. config.Resources.SelectMany(Resource),
            .. config.Routes.Select(Route),
            "Every other request is refused.",
            .. Sharing(config),
            Nonces(config),
            $"Up to {config.ReplayCapacity.ToString("N0", CultureInfo.InvariantCulture)} accepted proofs are remembered; a decision takes at most {YamlMap.InWords(config.DecisionTimeout)}.",
        ];
    }

    private static string Listener(GuardListener listener)
    {
        string tls = listener.Tls is null ? "" : " with TLS";
        string plaintext = listener.DangerouslyAllowPlaintext ? " DANGEROUS: tokens may travel in the clear." : "";
        string certificates = listener.CertificateFormat is { } format ? $"; its clients' certificates come as {format}" : "";
        return listener.Adapters.Count == 0
            ? $"{listener.Address}{tls} serves keys and health, and answers no proxy.{plaintext}"
            : $"{listener.Address}{tls} answers {string.Join(", ", listener.Adapters.Select(AdapterNames.Of))}; a proxy is told by {string.Join(" and ", listener.TrustInWords)}{certificates}.{plaintext}";
    }

    private static string Issuer(GuardIssuer issuer) =>
        $"Tokens of {issuer.Issuer} are taken where signed with {string.Join(", ", issuer.TokenAlgorithms)}.{(issuer.DangerouslyAllowHttp ? " DANGEROUS: its keys may be fetched in the clear." : "")}";

    private static IEnumerable<string> Resource(GuardResource resource)
    {
        ResourceConfig config = resource.Config;
        string unbound = config.Mode == SenderConstraintMode.Require ? "tokens that nothing binds are refused" : "tokens that nothing binds are let through and recorded";
        yield return $"Resource {config.Name} takes tokens of {config.Issuer} for {config.Audience}; {unbound}; proofs are signed with {string.Join(", ", resource.ProofAlgorithms)}.";
        foreach (SenderConstraintExemption exemption in config.Exemptions)
            yield return $"Resource {config.Name} takes unbound tokens of client {exemption.ClientId} until {exemption.Until:yyyy-MM-dd HH:mm} UTC: {exemption.Name}.";
    }

    private static string Route(GuardRoute route)
    {
        string methods = route.Methods.Count == 0 ? "Any method" : string.Join(", ", route.Methods);
        string scopes = route.Scopes.Count == 0 ? "" : $" and scope {string.Join(" ", route.Scopes)}";
        string mode = route.Mode == SenderConstraintMode.Require ? ", always bound," : "";
        string[] urls = [.. route.Targets.BaseUrls];
        string publicly = urls is [var only] && only == route.Origin ? "" : $" Publicly these are at {string.Join(" and ", urls)}.";
        string http = route.DangerouslyAllowHttp ? " DANGEROUS: tokens and proofs may travel in the clear." : "";
        return $"{methods} {route.Origin}{route.Path}{(route.Path == "/" ? "" : " and below")} needs a token for {route.Resource.Name}{mode}{scopes}, and goes to {route.Upstream}.{publicly}{http}";
    }

    private static IEnumerable<string> Sharing(GuardConfig config)
    {
        if (config.Replicas > 1)
            yield return string.Create(CultureInfo.InvariantCulture, $"{config.Replicas} guards answer at a time.");
        if (config.Replay is { } replay)
        {
            yield return $"Accepted proofs are shared through PostgreSQL, schema {replay.Schema}, so that of all guards there one takes a proof, once; "
                + (replay.WhenUnavailable == GuardReplayLoss.Refuse
                    ? "while the database does not answer, proofs are refused."
                    : "while the database does not answer, each guard demands nonces of its own, and a client must be kept at one guard.");
        }
    }

    private static string Nonces(GuardConfig config)
    {
        string promise = config.SingleInstance || config.NonceMode == NonceMode.Always || config.Replay is not null ? "" : " Nobody promised that there is only ever one guard, and a second one would take a proof again.";
        return config.NonceMode switch
        {
            NonceMode.Always when config.Replay is not null => "Every proof needs a nonce, which any of these guards gives.",
            NonceMode.Always => "Every proof needs a nonce of this guard.",
            NonceMode.OnDemand => "A nonce is asked for only where it helps.",
            NonceMode.Off when config.Replay is not null => "Nonces are never asked for; after the database has lost its records nothing is let through until no earlier proof can be fresh.",
            NonceMode.Off => "Nonces are never asked for; after a start nothing is let through until no earlier proof can be fresh.",
        } + promise;
    }
}
