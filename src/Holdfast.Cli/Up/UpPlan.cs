namespace Holdfast.Cli.Up;

/// <summary>Everything that both servers are composed from.</summary>
internal sealed record UpPlan
{
    public required DataDirectory Directory { get; init; }
    public required DemoClient Client { get; init; }
    public required SignalsFile Signals { get; init; }
    public required int IssuerPort { get; init; }
    public required int ApiPort { get; init; }
    public required NonceMode NonceMode { get; init; }
    public required TimeProvider Time { get; init; }
    public required Action<string> OnNotice { get; init; }

    public string IssuerUrl => FormattableString.Invariant($"http://localhost:{IssuerPort}");

    /// <summary>The base URL of the API; its resource identifier and audience too.</summary>
    public string ApiUrl => FormattableString.Invariant($"http://localhost:{ApiPort}");

    public UpDocument Document => new()
    {
        Issuer = IssuerUrl,
        Resource = ApiUrl,
        Audience = ApiUrl,
        Scope = DemoClient.Scope,
        ClientId = DemoClient.ClientId,
        ClientKeyPem = Client.PemPath,
        ClientKeyJwk = Client.JwkPath,
        Signals = Signals.FullPath,
        Pid = Environment.ProcessId,
    };
}
