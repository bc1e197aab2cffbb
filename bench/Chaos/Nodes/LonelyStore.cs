using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Chaos;

/// <summary>The store of a node that was told, wrongly, that it is the first and the only one.</summary>
internal static class LonelyStore
{
    public static IReplayStore Create(IServiceProvider services) =>
        new EmbeddedReplayStore(new() { SingleInstance = true, NoPredecessor = true }, services.GetRequiredService<VerifierClock>());
}
