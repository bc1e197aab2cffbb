using System.Reflection;
using Holdfast.Registry;

namespace Holdfast.Issuer.Tests;

/// <summary>A store whose database does not answer, whatever is asked.</summary>
public class DeafStore : DispatchProxy
{
    public static IIssuerStore Create() => Create<IIssuerStore, DeafStore>();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new StateUnavailableException();
}
