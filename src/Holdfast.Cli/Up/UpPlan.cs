namespace Holdfast.Cli.Up;

/// <summary>Everything that both servers are composed from.</summary>
internal sealed record UpPlan
{
    public required DataDirectory Directory { get; init; }
    public required DemoClient Client { get; init; }
    public required DemoClient Admin { get; init; }
    public required SignalsFile Signals { get; init; }
    public required DevelopmentCertificates Certificates { get; init; }
    public required UpPorts Ports { get; init; }
    public required NonceMode NonceMode { get; init; }
    public required string? Postgres { get; init; }
    public required TimeProvider Time { get; init; }
    public required Action<string> OnNotice { get; init; }

    public string IssuerUrl => FormattableString.Invariant($"http://localhost:{Ports.Issuer}");

    /// <summary>The issuer for clients with certificates: the base of <c>mtls_endpoint_aliases</c>.</summary>
    public string IssuerTlsUrl => FormattableString.Invariant($"https://localhost:{Ports.IssuerTls}");

    /// <summary>The base URL of the API; its resource identifier and audience too.</summary>
    public string ApiUrl => FormattableString.Invariant($"http://localhost:{Ports.Api}");

    /// <summary>The same API for clients with certificates.</summary>
    public string ApiTlsUrl => FormattableString.Invariant($"https://localhost:{Ports.ApiTls}");

    /// <summary>The admin API; the resource of its tokens too.</summary>
    public string AdminUrl => IssuerUrl + "/admin";

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
        CaPem = Certificates.CaPath,
        MtlsResource = ApiTlsUrl,
        MtlsClientId = MtlsClient.ClientId,
        MtlsCertificatePem = Certificates.Client.CertificatePath,
        MtlsKeyPem = Certificates.Client.KeyPath,
        Admin = AdminUrl,
        AdminClientId = AdminClient.ClientId,
        AdminKeyPem = Admin.PemPath,
        Pid = Environment.ProcessId,
    };
}
