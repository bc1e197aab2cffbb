using Holdfast.Testing;

namespace Holdfast.Core.Tests;

public class CachedAccessTokenVerifierTests : IAccessTokenVerifier
{
    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly ResourceConfig _resource = new() { Name = "orders", Issuer = "https://issuer.example", Audience = "a" };
    private readonly CachedAccessTokenVerifier _cached;
    private int _calls;

    public CachedAccessTokenVerifierTests() => _cached = new(this, new VerifierClock(_time), 100);

    public ValueTask<AccessTokenResult> VerifyAsync(string token, ResourceConfig resource, CancellationToken cancellationToken)
    {
        _calls++;
        return ValueTask.FromResult(token.StartsWith("bad", StringComparison.Ordinal)
            ? AccessTokenResult.Refused(VerificationFailure.TokenSignatureInvalid)
            : AccessTokenResult.Verified(new AccessToken
            {
                Issuer = resource.Issuer, Subject = token, ClientId = "c", ExpiresAt = _time.GetUtcNow().AddMinutes(5), Confirmation = Confirmation.None,
            }));
    }

    private async Task<bool> Verify(string token, ResourceConfig? resource = null) =>
        (await _cached.VerifyAsync(token, resource ?? _resource, CancellationToken.None)).TryGet(out AccessToken? found, out _) && found.Subject == token;

    [Fact]
    public async Task Verifies_a_token_once_until_it_expires()
    {
        (await Verify("a")).ShouldBeTrue();
        (await Verify("a")).ShouldBeTrue();
        _calls.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        await Verify("a");
        _calls.ShouldBe(1);
        _time.Advance(TimeSpan.FromTicks(1));
        await Verify("a");
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Keeps_no_refusal()
    {
        (await Verify("bad")).ShouldBeFalse();
        (await Verify("bad")).ShouldBeFalse();
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Keeps_resources_apart()
    {
        await Verify("a");
        await Verify("a", _resource with { Audience = "b" });
        _calls.ShouldBe(2);
    }

    [Fact]
    public async Task Tells_long_tokens_apart()
    {
        string longToken = new('a', 5000);
        (await Verify(longToken + "b")).ShouldBeTrue();
        (await Verify(longToken + "c")).ShouldBeTrue();
        _calls.ShouldBe(2);
    }

    // AT-35
    [Fact]
    public async Task Recalls_only_what_was_verified_for_that_resource_and_is_alive()
    {
        _cached.TryRecall("a", _resource, out _).ShouldBeFalse();
        await Verify("a");
        await Verify("bad");

        _cached.TryRecall("xa".AsSpan(1), _resource, out AccessToken? recalled).ShouldBeTrue();
        recalled!.Subject.ShouldBe("a");
        _cached.TryRecall("bad", _resource, out _).ShouldBeFalse();
        _cached.TryRecall("a", _resource with { }, out _).ShouldBeFalse();
        _time.Advance(TimeSpan.FromMinutes(5));
        _cached.TryRecall("a", _resource, out _).ShouldBeFalse();
        _calls.ShouldBe(2);
    }
}
