namespace Holdfast.IssuerNode;

/// <summary>Who is registered at every node.</summary>
internal static class NodeClients
{
    /// <summary>Asks by client credentials and <c>private_key_jwt</c>.</summary>
    public const string Machine = "machine";
    /// <summary>A public client whose refresh tokens are bound and replaced at each use.</summary>
    public const string App = "app";
    public const string RedirectUri = "http://127.0.0.1/callback";
    public const string Resource = "https://orders.example";
    public const string Scope = "orders.read";
}
