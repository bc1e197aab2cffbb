using System.Text.Json;
using Holdfast.Registry;

namespace Holdfast.Control;

/// <summary>A client as administrators see it.</summary>
internal sealed record ClientView
{
    /// <summary>The registration, as it is stored.</summary>
    public required JsonElement Client { get; init; }
    public required long Revision { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required bool HasSecret { get; init; }

    /// <summary>What it was last used for; absent: it never was.</summary>
    public UseView? LastUse { get; init; }

    /// <summary>What should be mended.</summary>
    public required IReadOnlyList<string> Debt { get; init; }

    public static ClientView Of(ClientStanding standing) => new()
    {
        Client = Documents.ParseOne(standing.Registered.Entry.Document!),
        Revision = standing.Registered.Entry.Revision,
        CreatedAt = standing.Registered.Entry.CreatedAt,
        UpdatedAt = standing.Registered.Entry.UpdatedAt,
        HasSecret = standing.Registered.HasSecret,
        LastUse = standing.LastUse is { } use ? new UseView(use.At, use.GrantType, use.Resource, use.Binding, use.Address) : null,
        Debt = [.. standing.Debt.Select(Word)],
    };

    public static string Word(ClientState state) => state switch
    {
        ClientState.Active => "active",
        ClientState.Disabled => "disabled",
        ClientState.Offboarded => "offboarded",
    };

    private static string Word(ClientDebt debt) => debt switch
    {
        ClientDebt.UnboundTokens => "unbound_tokens",
        ClientDebt.SharedSecret => "shared_secret",
        ClientDebt.NoOwner => "no_owner",
    };
}

/// <summary>What a client was last used for.</summary>
internal sealed record UseView(DateTimeOffset At, string GrantType, string? Resource, string Binding, string? Address);

/// <summary>Some clients, and after which the next ones are.</summary>
internal sealed record ClientsView(IReadOnlyList<ClientView> Clients, string? Next);
