namespace Holdfast.Registry;

/// <summary>What is to be written, decided by one snapshot; or the answer, where nothing is.</summary>
internal sealed record Decision
{
    public EditResult? Answer { get; init; }
    public IReadOnlyList<RegistryWrite> Writes { get; init; } = [];
    public IReadOnlyList<EntryChange> Changes { get; init; } = [];
    public string? Secret { get; init; }

    /// <summary>Nothing is written.</summary>
    public static implicit operator Decision(EditResult answer) => new() { Answer = answer };

    /// <summary>One entry is written.</summary>
    public static Decision Of(RegistryWrite write, string? before) =>
        new() { Writes = [write], Changes = [EntryChange.Between(write.Kind, write.Id, write.Action, before, write.Document)] };
}
