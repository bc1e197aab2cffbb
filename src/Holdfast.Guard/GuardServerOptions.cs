using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Guard;

/// <summary>What the host of a guard brings along.</summary>
public sealed class GuardServerOptions
{
    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where log messages go. Default: nowhere.</summary>
    public Action<ILoggingBuilder>? ConfigureLogging { get; init; }

    /// <summary>
    /// Services that take the place of the guard's own: an <see cref="IReplayStore"/> that several guards share, <see cref="IDPoPNonces"/> under the service key
    /// <see cref="VerifierRole.ResourceServer"/>, an <see cref="IAccessTokenVerifier"/> under the name of a resource (for tokens that are no JWTs of RFC 9068), the HTTP client that reads issuers' documents, and observers of refusals.
    /// </summary>
    public Action<IServiceCollection>? ConfigureServices { get; init; }
}
