namespace Holdfast.Issuer;

/// <summary>The parameters of a request as they were sent: each once, except <c>resource</c> (RFC 6749 §3.2, RFC 8707 §2).</summary>
internal sealed class IssuerForm(IReadOnlyDictionary<string, string> values, IReadOnlyList<string> resources)
{
    /// <summary>A parameter; null where it is absent or empty, which are the same (RFC 6749 §3.2).</summary>
    public string? this[string name] => values.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;

    /// <summary>Each <c>resource</c> that is not empty.</summary>
    public IReadOnlyList<string> Resources => resources;

    public string? GrantType => this["grant_type"];
    public string? ClientId => this["client_id"];
    public string? ClientSecret => this["client_secret"];
    public string? ClientAssertionType => this["client_assertion_type"];
    public string? ClientAssertion => this["client_assertion"];
    public string? Scope => this["scope"];
}
