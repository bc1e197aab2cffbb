using Holdfast.Registry;

namespace Holdfast.Issuer;

/// <summary>One resource: an API that tokens can be issued for.</summary>
public sealed class IssuerResourceOptions
{
    /// <summary>
    /// The identifier (RFC 8707 §2): an absolute URI without fragment, distinct for each resource (AT-12). It becomes the <c>aud</c> of
    /// tokens exactly as written here; a lone trailing slash after the host makes no difference in requests.
    /// </summary>
    public string Identifier { get; set; } = "";

    /// <summary>
    /// Other URLs of the same resource that clients may ask for instead, such as that of a listener for clients with certificates. Tokens name
    /// <see cref="Identifier"/> all the same: one resource, one audience (RFC 8707 §2 leaves the mapping to the authorization server).
    /// </summary>
    public IList<string> AlternateIdentifiers { get; set; } = [];

    /// <summary>The scopes that mean something at this resource (AT-04).</summary>
    public IList<string> Scopes { get; set; } = [];

    internal Resource ToResource() => new() { Identifier = Identifier, AlternateIdentifiers = [.. AlternateIdentifiers], Scopes = [.. Scopes] };
}
