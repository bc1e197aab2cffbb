using System.Reflection;
using Holdfast.Registry;

namespace Holdfast.Control.Tests;

/// <summary>The real store of the registry, whose database can be lost and come back.</summary>
public class BreakableStore : DispatchProxy
{
    private IRegistryStore _inner = null!;

    public bool IsDown { get; set; }

    public static IRegistryStore Around(IRegistryStore inner)
    {
        IRegistryStore proxy = Create<IRegistryStore, BreakableStore>();
        ((BreakableStore)(object)proxy)._inner = inner;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        IsDown ? throw new StateUnavailableException() : targetMethod!.Invoke(_inner, args);
}
