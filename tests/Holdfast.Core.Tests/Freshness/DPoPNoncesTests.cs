using FsCheck;
using FsCheck.Fluent;
using Holdfast.Testing;

namespace Holdfast.Core.Tests.Freshness;

public sealed class DPoPNoncesTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly ManualTimeProvider _time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly VerifierClock _clock;
    private readonly DPoPNonces _nonces;

    public DPoPNoncesTests()
    {
        _clock = new(_time);
        _nonces = DPoPNonces.CreateForProcess(_clock, VerifierRole.ResourceServer);
    }

    // DPOP-AS-25
    [Fact]
    public void Is_made_of_nqchar_only()
    {
        for (int i = 0; i < 200; i++)
        {
            _nonces.Current.ShouldNotBeNullOrEmpty();
            _nonces.Current!.ShouldAllBe(c => c == 0x21 || (c >= 0x23 && c <= 0x5B) || (c >= 0x5D && c <= 0x7E));
            _time.Advance(DPoPNonces.GenerationLength);
        }
    }

    // DPOP-AS-29
    [Theory]
    [InlineData(0, NonceStatus.Current)]
    [InlineData(60 * TimeSpan.TicksPerSecond - 1, NonceStatus.Current)]
    [InlineData(60 * TimeSpan.TicksPerSecond, NonceStatus.Previous)]
    [InlineData(120 * TimeSpan.TicksPerSecond - 1, NonceStatus.Previous)]
    [InlineData(120 * TimeSpan.TicksPerSecond, NonceStatus.Stale)]
    [InlineData(120 * TimeSpan.TicksPerSecond + 1, NonceStatus.Stale)]
    [InlineData(864_000 * TimeSpan.TicksPerSecond, NonceStatus.Stale)]
    public void Lives_for_two_generations_from_the_start_of_its_own(long age, NonceStatus expected)
    {
        DateTimeOffset start = _time.UtcNow;
        string nonce = _nonces.Current!;

        _time.Advance(age * Tick);

        _nonces.Check(nonce, out FreshnessAnchor anchor).ShouldBe(expected);
        anchor.Time.ShouldBe(start);
    }

    // DPOP-V-25
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(59)]
    public void Seals_the_start_of_the_generation_in_which_it_was_offered(int seconds)
    {
        DateTimeOffset start = _time.UtcNow;
        _time.Advance(TimeSpan.FromSeconds(seconds));
        string nonce = _nonces.Current!;

        foreach (int generations in (int[])[0, 1, 1, 1])
        {
            _time.Advance(generations * DPoPNonces.GenerationLength);
            _nonces.Check(nonce, out FreshnessAnchor anchor);
            anchor.Time.ShouldBe(start);
        }
    }

    [Fact]
    public void Offers_one_nonce_a_generation()
    {
        string first = _nonces.Current!;
        _time.Advance(DPoPNonces.GenerationLength - Tick);
        _nonces.Current.ShouldBe(first);
        _time.Advance(Tick);
        _nonces.Current.ShouldNotBe(first);
    }

    // DPOP-AS-23
    [Fact]
    public void A_nonce_of_another_process_is_unknown()
    {
        DPoPNonces other = DPoPNonces.CreateForProcess(_clock, VerifierRole.ResourceServer);

        _nonces.Check(other.Current, out _).ShouldBe(NonceStatus.Unknown);
        other.Current.ShouldNotBe(_nonces.Current);
    }

    // DPOP-RS-20
    [Fact]
    public void A_nonce_of_the_other_role_is_unknown_even_under_one_key()
    {
        DPoPNonces resource = new(_clock, VerifierRole.ResourceServer, Key);
        DPoPNonces authorization = new(_clock, VerifierRole.AuthorizationServer, Key);
        string ofResource = resource.Current!;
        string ofAuthorization = authorization.Current!;

        foreach (int generations in (int[])[0, 1, 1])
        {
            _time.Advance(generations * DPoPNonces.GenerationLength);
            authorization.Check(ofResource, out _).ShouldBe(NonceStatus.Unknown);
            resource.Check(ofAuthorization, out _).ShouldBe(NonceStatus.Unknown);
        }
    }

    [Fact]
    public void Nodes_that_share_a_key_accept_each_others_nonces()
    {
        DPoPNonces one = new(_clock, VerifierRole.ResourceServer, Key);
        DPoPNonces other = new(new VerifierClock(_time), VerifierRole.ResourceServer, Key);

        other.Check(one.Current, out _).ShouldBe(NonceStatus.Current);
    }

    [Fact]
    public void Keeps_its_own_copy_of_the_key()
    {
        byte[] key = [.. Key];
        DPoPNonces nonces = new(_clock, VerifierRole.ResourceServer, key);
        Array.Clear(key);

        new DPoPNonces(_clock, VerifierRole.ResourceServer, Key).Check(nonces.Current, out _).ShouldBe(NonceStatus.Current);
        _time.Advance(DPoPNonces.GenerationLength);
        new DPoPNonces(_clock, VerifierRole.ResourceServer, Key).Check(nonces.Current, out _).ShouldBe(NonceStatus.Current);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public void Refuses_a_key_that_is_too_short(int length) =>
        Should.Throw<ArgumentException>(() => new DPoPNonces(_clock, VerifierRole.ResourceServer, new byte[length]));

    [Fact]
    public void A_nonce_from_a_generation_to_come_is_unknown()
    {
        ManualTimeProvider ahead = new(_time.UtcNow + DPoPNonces.GenerationLength);
        DPoPNonces fast = new(new VerifierClock(ahead), VerifierRole.ResourceServer, Key);

        new DPoPNonces(_clock, VerifierRole.ResourceServer, Key).Check(fast.Current, out _).ShouldBe(NonceStatus.Unknown);
    }

    // DPOP-AS-29: of nodes that share a key one may be a little ahead, and its next nonce comes here before its time.
    [Theory]
    [InlineData(-1, NonceStatus.Unknown)]
    [InlineData(0, NonceStatus.Current)]
    [InlineData(1, NonceStatus.Current)]
    public void The_next_generation_counts_as_soon_as_clocks_may_differ_by_what_is_missing(int ticks, NonceStatus expected)
    {
        ManualTimeProvider ahead = new(_time.UtcNow + DPoPNonces.GenerationLength);
        string next = new DPoPNonces(new VerifierClock(ahead), VerifierRole.ResourceServer, Key).Current!;
        DPoPNonces nonces = new(_clock, VerifierRole.ResourceServer, Key);

        _time.Advance(DPoPNonces.GenerationLength - DPoPProofPolicy.FutureWindow + (ticks * Tick));

        nonces.Check(next, out FreshnessAnchor anchor).ShouldBe(expected);
        anchor.Time.ShouldBe(ahead.UtcNow);
    }

    // DPOP-AS-23, DPOP-AS-29
    [Fact]
    public void A_key_is_used_from_its_own_generation_on_and_nonces_of_the_one_before_stay_alive()
    {
        uint now = DPoPNonces.GenerationAt(_time.UtcNow);
        byte[] later = [.. Key.Reverse()];
        DPoPNonces old = new(_clock, VerifierRole.ResourceServer, Key);
        DPoPNonces both = new(_clock, VerifierRole.ResourceServer, new DPoPNonceKeys(9, [(now - 5, Key), (now + 1, later)]));
        both.Current.ShouldBe(old.Current);
        string before = both.Current!;

        _time.Advance(DPoPNonces.GenerationLength);

        both.Current.ShouldBe(new DPoPNonces(_clock, VerifierRole.ResourceServer, later).Current);
        both.Check(before, out FreshnessAnchor anchor).ShouldBe(NonceStatus.Previous);
        anchor.NonceEpoch.ShouldBe(9);
        anchor.FromNonce.ShouldBeTrue();
        // The old key makes no nonces any more.
        both.Check(old.Current, out _).ShouldBe(NonceStatus.Unknown);
    }

    [Fact]
    public void Before_the_first_key_there_are_no_nonces()
    {
        uint now = DPoPNonces.GenerationAt(_time.UtcNow);
        DPoPNonces nonces = new(_clock, VerifierRole.ResourceServer, new DPoPNonceKeys(9, [(now + 1, Key)]));

        nonces.Current.ShouldBeNull();
        nonces.Check("", out _).ShouldBe(NonceStatus.Unknown);
        nonces.Check(new DPoPNonces(_clock, VerifierRole.ResourceServer, Key).Current, out _).ShouldBe(NonceStatus.Unknown);
    }

    [Fact]
    public void A_wall_clock_set_back_revives_no_nonce()
    {
        string nonce = _nonces.Current!;
        _time.Advance(DPoPNonces.LongestLife);
        _nonces.Check(nonce, out _).ShouldBe(NonceStatus.Stale);

        _time.StepWall(-DPoPNonces.LongestLife);

        _nonces.Check(nonce, out _).ShouldBe(NonceStatus.Stale);
    }

    // DPOP-V-39
    [Fact]
    public void Every_alteration_of_one_character_is_unknown_whether_the_nonce_is_alive_or_stale()
    {
        string nonce = _nonces.Current!;
        foreach (int generations in (int[])[0, 1, 1])
        {
            _time.Advance(generations * DPoPNonces.GenerationLength);
            for (int i = 0; i < nonce.Length; i++)
            {
                foreach (char c in "Aaz09-_=+/ \t\u0100\uD800")
                {
                    if (nonce[i] != c)
                        _nonces.Check(nonce[..i] + c + nonce[(i + 1)..], out _).ShouldBe(NonceStatus.Unknown, $"{c} at {i}");
                }
                _nonces.Check(nonce[..i], out _).ShouldBe(NonceStatus.Unknown, $"cut at {i}");
            }
            foreach (string longer in (string[])[nonce + "A", nonce + "=", nonce + "====", " " + nonce, nonce + "\n", nonce + nonce])
                _nonces.Check(longer, out _).ShouldBe(NonceStatus.Unknown, longer);
        }
    }

    [Fact]
    public void Any_other_text_is_unknown() => Prop
        .ForAll<string?>(text => _nonces.Check(text, out _) == NonceStatus.Unknown)
        .QuickCheckThrowOnFailure();
}
