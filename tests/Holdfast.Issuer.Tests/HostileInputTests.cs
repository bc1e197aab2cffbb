using System.Net.Http.Headers;
using System.Text;

namespace Holdfast.Issuer.Tests;

/// <summary>Random damage, from fixed seeds: nothing is accepted that should not be, and nothing brings the endpoint down.</summary>
public class HostileInputTests
{
    private const int Rounds = 1500;

    private static readonly string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ %&";

    [Fact]
    public async Task Refuses_every_assertion_with_one_character_changed()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.RateLimits.FailedAuthenticationsPerMinute = 2 * Rounds);
        var random = new Random(1);
        string assertion = issuer.Assertion();
        for (int i = 0; i < Rounds; i++)
        {
            int at = random.Next(assertion.Length);
            char other = Alphabet[random.Next(Alphabet.Length)];
            if (other == assertion[at])
                continue;
            TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(string.Concat(assertion.AsSpan(0, at), [other], assertion.AsSpan(at + 1))));
            answer.Token.ShouldBeNull($"character {at} became {other}");
            answer.Error.ShouldBe("invalid_client");
        }
        (await issuer.AskAsync(form: issuer.Form(assertion))).ShouldBeToken();
    }

    [Fact]
    public async Task Answers_every_damaged_body_with_a_token_or_a_named_refusal()
    {
        // More failures than anybody would be allowed.
        await using IssuerHost issuer = await IssuerHost.StartAsync(o => o.RateLimits.FailedAuthenticationsPerMinute = 1_000_000);
        var random = new Random(2);
        string[] errors = ["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope", "invalid_target"];
        for (int i = 0; i < Rounds; i++)
        {
            byte[] body = await new FormUrlEncodedContent(issuer.Form(null, ("scope", "orders.read"), ("resource", IssuerHost.Orders))).ReadAsByteArrayAsync();
            for (int damages = random.Next(1, 4); damages > 0; damages--)
            {
                switch (random.Next(3))
                {
                    case 0:
                        body[random.Next(body.Length)] = (byte)random.Next(256);
                        break;
                    case 1:
                        body = body[..random.Next(1, body.Length)];
                        break;
                    default:
                        int at = random.Next(body.Length);
                        body = [.. body[..at], .. Encoding.ASCII.GetBytes("%c3%28&scope=x"), .. body[at..]];
                        break;
                }
            }
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
            TokenAnswer answer = await issuer.SendAsync(content);
            ((int)answer.Status).ShouldBeLessThan(500);
            if (answer.Token is null)
                errors.ShouldContain(answer.Error);
        }
    }

    // RFC 6749 §5.2: descriptions keep to the characters that the RFC allows, whatever was sent.
    [Fact]
    public async Task Never_echoes_what_was_sent()
    {
        await using IssuerHost issuer = await IssuerHost.StartAsync();
        TokenAnswer answer = await issuer.AskAsync(form: issuer.Form(null, ("scope", "<script>alert(1)</script>")));
        answer.Member("error_description")!.ShouldNotContain("script");
        answer.Member("error_description")!.ShouldAllBe(c => c >= ' ' && c <= '~' && c != '"' && c != '\\');
    }
}
