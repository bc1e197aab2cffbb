using Holdfast;
using Holdfast.AspNetCore;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>An endpoint that tells its caller how a request reached this API: what <c>holdfast doctor</c> asks.</summary>
public static class HoldfastDiagnosticsExtensions
{
    /// <summary>
    /// Answers GET with how that very request arrived: method, raw target, the public URLs that proofs are compared with, how many lines of <c>DPoP</c>
    /// and <c>Authorization</c>, the client certificate and by which way it came, whether the peer is a trusted proxy, what was dropped, which
    /// forwarded fields are there, the nonce mode, the server's time, and how the request was bound. Never a token or a proof.
    /// </summary>
    /// <remarks>
    /// <para>For callers only whose token is sender-constrained, whose possession is proven, and that has the scope.</para>
    /// <para>The usual fault behind a proxy is a public URL that the API does not know, and then no proof of any caller fits. So a request is told
    /// why it was refused, with status 401 or 400 as ever, where the target is all that is wrong with it: token, scope, key, certificate, signature, freshness
    /// and nonce are verified by the same verifier as if the request had been sent to the URL that its proof names, and the proof is
    /// spent there. It learns the method and path that it sent, the public URLs of this API and which part differs: what anybody can find out
    /// who may call the API, and what a thief of a token alone does not get. Neither does a thief of token and proof, once that was used.</para>
    /// <para>The endpoint asks for credentials itself. Under a fallback policy the authorization middleware refuses first, without the detail; add
    /// <c>AllowAnonymous()</c> to leave it to the endpoint. In meters such a request counts twice: as refused, and as what it was found to be.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">No scheme of that name was added with <c>AddHoldfast</c> or <c>AddSenderConstraint</c>.</exception>
    public static IEndpointConventionBuilder MapHoldfastDiagnostics(this IEndpointRouteBuilder endpoints, string pattern = HoldfastDefaults.DiagnosticsPath,
        string scope = HoldfastDefaults.DiagnosticsScope, string authenticationScheme = HoldfastDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(scope);
        if (endpoints.ServiceProvider.GetService<HoldfastSchemes>()?.Names.Contains(authenticationScheme) != true)
            throw new InvalidOperationException($"No scheme '{authenticationScheme}' was added with AddHoldfast.");
        var endpoint = new DiagnosticsEndpoint(endpoints.ServiceProvider.GetRequiredService<HoldfastResources>(), endpoints.ServiceProvider.GetRequiredService<VerifierClock>(),
            authenticationScheme, scope);
        return endpoints.MapGet(pattern, (RequestDelegate)endpoint.AnswerAsync).WithMetadata(new RequiredMode()).ExcludeFromDescription();
    }

    /// <summary>Require, whatever the resource's own mode: without the authorization data that would have the middleware answer first.</summary>
    private sealed class RequiredMode : ISenderConstraintMetadata
    {
        public SenderConstraintMode Mode => SenderConstraintMode.Require;
    }
}
