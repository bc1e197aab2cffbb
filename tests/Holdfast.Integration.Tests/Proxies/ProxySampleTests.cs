namespace Holdfast.Integration.Tests;

/// <summary>Every proxy that the samples are for is here and starts with both of its samples.</summary>
[Collection(ProxyTests.Name)]
public sealed class ProxySampleTests(ProxyGround ground)
{
    [ProxyFact("nginx")]
    public Task Nginx_starts() => StartsAsync("nginx");

    [ProxyFact("caddy")]
    public Task Caddy_starts() => StartsAsync("caddy");

    [ProxyFact("haproxy")]
    public Task HAProxy_starts() => StartsAsync("haproxy");

    [ProxyFact("apache")]
    public Task Apache_starts() => StartsAsync("apache");

    private async Task StartsAsync(string name)
    {
        foreach (ProxyShape shape in Enum.GetValues<ProxyShape>())
        {
            ProxyProcess proxy = await ground.ThroughAsync(name, shape);
            proxy.HasExited.ShouldBeFalse(proxy.Log);
            // Nothing that an operator would have to look into.
            proxy.Log.ShouldNotContain("[warn]");
            proxy.Log.ShouldNotContain("[emerg]");
            proxy.Log.ShouldNotContain("[WARNING]");
        }
    }
}
