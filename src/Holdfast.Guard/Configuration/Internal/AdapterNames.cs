namespace Holdfast.Guard.Internal;

/// <summary>The adapters as they are written in the configuration and in the paths of their endpoints.</summary>
internal static class AdapterNames
{
    public static IReadOnlyList<(string Word, GuardAdapter Value)> All { get; } =
    [
        ("nginx", GuardAdapter.Nginx), ("forward", GuardAdapter.Forward), ("envoy", GuardAdapter.Envoy), ("haproxy", GuardAdapter.HAProxy), ("apache", GuardAdapter.Apache),
    ];

    public static string Of(GuardAdapter adapter) => All.First(pair => pair.Value == adapter).Word;
}
