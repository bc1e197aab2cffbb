namespace Holdfast.Registry;

/// <summary>One change as it is recorded: who, when, what, before and after.</summary>
/// <param name="Sequence">Its place in the record, counted from 1.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who.</param>
/// <param name="Action">What was done.</param>
/// <param name="Kind">To what kind of entry.</param>
/// <param name="Id">To which.</param>
/// <param name="Before">Its content before; null where it did not exist.</param>
/// <param name="After">Its content after; null where it was removed.</param>
public sealed record AuditRecord(long Sequence, DateTimeOffset At, RegistryActor Actor, string Action, RegistryKind Kind, string Id, string? Before, string? After);

/// <summary>Who changes something.</summary>
/// <param name="Name">The client identifier of an administrator, <c>issuer</c> for what the issuer does by itself, or <c>local:NAME</c> for somebody at the database.</param>
/// <param name="Thumbprint">The key or certificate it was proven with, where there is one.</param>
/// <param name="Address">From which address, where that can be told.</param>
public sealed record RegistryActor(string Name, string? Thumbprint = null, string? Address = null)
{
    /// <summary>The issuer itself.</summary>
    public static readonly RegistryActor Issuer = new("issuer");
}
