namespace Holdfast.Conformance;

/// <summary>How a drill is run. The defaults end within about twenty seconds.</summary>
public sealed record DrillOptions
{
    /// <summary>The longest one request may take. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long to look for the signal of one attack. Default 3 s.</summary>
    public TimeSpan SignalTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long to look for signals that never come, all attacks together; after that a quarter of a second each. Default 9 s.
    /// </summary>
    public TimeSpan SignalPatience { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>How many requests race in the parallel attacks. Default 50.</summary>
    public int ParallelAttempts { get; init; } = 50;

    /// <summary>The API's window for <c>iat</c>. Default 60 s.</summary>
    public TimeSpan ProofWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a nonce may live at the API. Default 120 s. Matters only with <see cref="WaitForWindow"/>.</summary>
    public TimeSpan NonceLifetime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Leave an intercepted proof alone until its window, and its nonce's life, are really over: one to two minutes. Default false: the
    /// client dates the proof almost a window back instead, and the thief waits for the rest.
    /// </summary>
    public bool WaitForWindow { get; init; }

    /// <summary>Keep tokens and proofs whole in the evidence. Default false: shortened.</summary>
    public bool ShowTokens { get; init; }

    /// <summary>The clock of the client and of the thief.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
