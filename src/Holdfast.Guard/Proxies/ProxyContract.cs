using Microsoft.AspNetCore.Http;

namespace Holdfast.Guard.Internal;

/// <summary>How one kind of proxy tells of the original request, and what it understands of an answer.</summary>
internal abstract class ProxyContract(GuardAdapter adapter)
{
    /// <summary>All contracts.</summary>
    public static IReadOnlyList<ProxyContract> All { get; } =
    [
        // FWD-52: $request_method, $scheme, $http_host and $request_uri, each of them raw.
        new FieldContract(GuardAdapter.Nginx, "X-Original-Method", "X-Original-Scheme", "X-Original-Host", "X-Original-URI") { HostMustAgree = true },
        // FWD-58: the action passes the originals itself.
        new FieldContract(GuardAdapter.HAProxy, "X-Original-Method", "X-Original-Scheme", "X-Original-Host", "X-Original-URI"),
        new FieldContract(GuardAdapter.Apache, "X-Original-Method", "X-Original-Scheme", "X-Original-Host", "X-Original-URI"),
        // FWD-55: Caddy's forward_auth and Traefik's ForwardAuth.
        new FieldContract(GuardAdapter.Forward, "X-Forwarded-Method", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Uri"),
        new EnvoyContract(),
    ];

    /// <summary>Which.</summary>
    public GuardAdapter Adapter => adapter;

    /// <summary>Where it is spoken.</summary>
    public string Path { get; } = "/authorize/" + AdapterNames.Of(adapter);

    /// <summary>True where the target of this request is for this contract.</summary>
    public virtual bool IsFor(ReadOnlySpan<char> rawTarget)
    {
        // Some proxies keep the client's query on the request to the guard; it says nothing here.
        int query = rawTarget.IndexOf('?');
        return (query < 0 ? rawTarget : rawTarget[..query]).SequenceEqual(Path);
    }

    /// <summary>The original request, or what is missing, repeated or contradictory.</summary>
    public abstract Refusal? Read(HttpRequest request, string rawTarget, out OriginalCall call);

    /// <summary>The status that this proxy understands in place of <paramref name="status"/>.</summary>
    public int StatusFor(int status) => adapter switch
    {
        // FWD-53: nginx makes an error of everything but 2xx, 401 and 403. Holdfast-Status tells the other statuses.
        GuardAdapter.Nginx => status is StatusCodes.Status200OK or StatusCodes.Status401Unauthorized ? status : StatusCodes.Status403Forbidden,
        GuardAdapter.Forward or GuardAdapter.Envoy or GuardAdapter.HAProxy or GuardAdapter.Apache => status,
    };

    /// <summary>True where only the first challenge would reach the client (FWD-54): then all of them are in it.</summary>
    public bool JoinsChallenges => adapter == GuardAdapter.Nginx;

    protected static Refusal Incomplete(string expected, string seen) => new(VerificationFailure.OriginalRequestIncomplete, expected, Printable.From(seen));
}
