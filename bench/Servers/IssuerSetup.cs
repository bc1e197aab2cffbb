namespace Holdfast.Bench;

/// <summary>What both issuers are set up with, as a file in JSON: one client with one key, one resource.</summary>
internal sealed record IssuerSetup(string Issuer, string DataDirectory, string Resource, string Jwk)
{
    public const string ClientId = "bench", Scope = "orders.read";
}
