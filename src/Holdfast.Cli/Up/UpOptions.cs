namespace Holdfast.Cli.Up;

/// <summary>What <c>up</c> is asked for.</summary>
internal sealed record UpOptions
{
    public const int DefaultIssuerPort = 7100;
    public const int DefaultApiPort = 7101;
    public const int TlsOffset = 43;
    public const string DefaultDirectory = ".holdfast";

    /// <summary>The data directory, absolute.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The issuer's port; 0 for a free one.</summary>
    public int IssuerPort { get; init; } = DefaultIssuerPort;

    /// <summary>The API's port; 0 for a free one.</summary>
    public int ApiPort { get; init; } = DefaultApiPort;

    /// <summary>The issuer's port over TLS; 0 for a free one, null for <see cref="IssuerPort"/> and <see cref="TlsOffset"/>, or a free one where that is taken.</summary>
    public int? IssuerTlsPort { get; init; }

    /// <summary>The API's port over TLS; 0 for a free one, null for <see cref="ApiPort"/> and <see cref="TlsOffset"/>, or a free one where that is taken.</summary>
    public int? ApiTlsPort { get; init; }

    /// <summary>When proofs must carry a nonce.</summary>
    public NonceMode NonceMode { get; init; } = NonceMode.OnDemand;

    /// <summary>The database that both servers share replay records through, as Npgsql reads it; null where each keeps its own.</summary>
    public string? Postgres { get; init; }

    /// <summary>The clock of both servers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Hears of every proof failure; called on the request's own path.</summary>
    public Action<SignalLine>? OnSignal { get; init; }

    /// <summary>Hears what an operator should know: warnings of the servers, and why the start takes a while.</summary>
    public Action<string>? OnNotice { get; init; }
}
