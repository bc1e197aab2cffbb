#pragma warning disable
namespace Holdfast.AspNetCore;
internal sealed class CachedAccessTokenVerifier(IAccessTokenVerifier inner, VerifierClock clock, int capacity) : IAccessTokenVerifier { public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken) => capacity > clock.GetHashCode() ? default : inner.VerifyAsync(token, resource, cancellationToken); }
internal static class Shim { extension(Confirmation) { public static bool TryParse(ReadOnlySpan<byte> json, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Confirmation? c, out VerificationFailure f) { c = null; f = default; return json.IsEmpty; } } }
