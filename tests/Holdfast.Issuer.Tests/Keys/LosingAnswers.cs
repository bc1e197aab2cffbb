using Holdfast.Registry;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests.Keys;

/// <summary>A registry whose writes are never answered, as when the process or the connection ends: written, or not.</summary>
internal sealed class LosingAnswers(IRegistryStore store, bool isWritten) : IRegistryStore
{
    public static void Of(IServiceCollection services, bool isWritten)
    {
        ServiceDescriptor real = services.Single(service => service.ServiceType == typeof(IRegistryStore));
        services.Remove(real);
        services.AddSingleton<IRegistryStore>(provider => new LosingAnswers((IRegistryStore)ActivatorUtilities.CreateInstance(provider, real.ImplementationType!), isWritten));
    }

    public async ValueTask<RegistryAnswer> WriteAsync(IReadOnlyList<RegistryWrite> writes, RegistryActor actor, CancellationToken cancellationToken)
    {
        if (isWritten)
            (await store.WriteAsync(writes, actor, cancellationToken)).ShouldBe(RegistryAnswer.Written);
        throw new StateUnavailableException("The answer is lost.");
    }

    public ValueTask<RegistryChanges> ReadSinceAsync(RegistryPosition position, CancellationToken cancellationToken) => store.ReadSinceAsync(position, cancellationToken);
    public ValueTask<IReadOnlyList<AuditRecord>> ReadAuditAsync(AuditFilter filter, CancellationToken cancellationToken) => store.ReadAuditAsync(filter, cancellationToken);
    public ValueTask<IReadOnlyList<ClientUse>> ReadUsesAsync(CancellationToken cancellationToken) => store.ReadUsesAsync(cancellationToken);
    public ValueTask WriteUsesAsync(IReadOnlyList<ClientUse> uses, CancellationToken cancellationToken) => store.WriteUsesAsync(uses, cancellationToken);
    public ValueTask RevokeAsync(IReadOnlyList<Revocation> revocations, RegistryActor actor, CancellationToken cancellationToken) => store.RevokeAsync(revocations, actor, cancellationToken);
    public ValueTask<IReadOnlyList<RecordedRevocation>> ReadRevocationsAsync(long sequence, int limit, CancellationToken cancellationToken) => store.ReadRevocationsAsync(sequence, limit, cancellationToken);
}
