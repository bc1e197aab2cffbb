using System.Reflection;
using Xunit.Sdk;

namespace Holdfast.Integration.Tests;

/// <summary>A test that runs a proxy. Skipped, with the reason, where it is missing; CI counts that as a failure.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ProxyFactAttribute : FactAttribute
{
    public ProxyFactAttribute(string proxy) => Skip = ProxyPrograms.Missing(proxy == Proxy.ModOAuth2.Name ? Proxy.ModOAuth2 : Proxy.Named(proxy));
}

/// <summary>
/// Runs a theory through every proxy that is installed, in each of the shapes, and with each of the cases that a static member lists. That none is
/// missing, <see cref="ProxySampleTests"/> says.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ThroughEachProxyAttribute : DataAttribute
{
    public ThroughEachProxyAttribute() => Skip = ProxyPrograms.Installed.Count == 0 ? "No proxy is installed." : null;

    /// <summary>Only this shape; both where not set.</summary>
    public string? Only { get; init; }

    /// <summary>The static property of the test class with the cases: arrays of the arguments behind proxy and shape.</summary>
    public string? Cases { get; init; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var cases = Cases is null ? [[]] : (IEnumerable<object[]>)testMethod.DeclaringType!.GetProperty(Cases, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;
        ProxyShape[] shapes = Only is null ? [ProxyShape.Api, ProxyShape.Guard] : [Enum.Parse<ProxyShape>(Only)];
        return from proxy in ProxyPrograms.Installed from shape in shapes from one in cases select (object[])[proxy.Name, shape, .. one];
    }
}
