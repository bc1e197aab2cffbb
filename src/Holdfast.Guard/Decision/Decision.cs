namespace Holdfast.Guard.Internal;

/// <summary>What the guard answers.</summary>
internal sealed record Decision
{
    /// <summary>Null where the request may pass.</summary>
    public FailureInfo? Refusal { get; init; }

    /// <summary>The context of a request that may pass.</summary>
    public string Context { get; init; } = "";

    /// <summary>A nonce for the client, or null.</summary>
    public string? Nonce { get; init; }

    /// <summary>The challenges for the client; empty where none is due.</summary>
    public Microsoft.Extensions.Primitives.StringValues Challenges { get; init; }

    /// <summary>The status that the client should see.</summary>
    public int Status => Refusal?.ResourceStatus ?? 200;

    /// <summary>A refusal before any resource is known: there is nothing to challenge for.</summary>
    public static Decision Refuse(VerificationFailure failure) => new() { Refusal = FailureCatalog.Get(failure) };
}
