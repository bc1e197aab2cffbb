using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>Without a person's consent there is no code.</summary>
public class ConsentTests
{
    [Fact]
    public async Task Tells_who_asks_what_for_and_where_the_answer_goes()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer page = await host.AuthorizeAsync(host.Request());
        // Of any origin, so encoded.
        page.Body.ShouldContain("The &lt;shop&gt;");
        page.Body.ShouldNotContain("The <shop>");
        page.Body.ShouldContain("The person alice");
        page.Body.ShouldContain(IssuerHost.Orders);
        page.Body.ShouldContain("orders.read");
        page.Body.ShouldNotContain("orders.write");
        page.Body.ShouldContain("https://shop.example<");
        page.Body.ShouldContain("lang=\"en\"");
        page.Body.ShouldContain("<h1>Allow");
    }

    [Fact]
    public async Task Remembers_what_a_person_allowed_and_asks_for_more_only()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        await host.CodeAsync();
        (await host.AuthorizeAsync(host.Request())).Query("code").ShouldNotBeNull();
        (await host.AuthorizeAsync(host.Request(("scope", "orders.read")))).Query("code").ShouldNotBeNull();
        BrowserAnswer more = await host.AuthorizeAsync(host.Request(("scope", "orders.read orders.write")));
        more.IsConsent.ShouldBeTrue();
        await host.DecideAsync(more);
        (await host.AuthorizeAsync(host.Request())).Query("code").ShouldNotBeNull();
        host.User = "bob";
        (await host.AuthorizeAsync(host.Request())).IsConsent.ShouldBeTrue();
    }

    [Fact]
    public async Task Asks_again_where_the_client_wants_it()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        await host.CodeAsync();
        (await host.AuthorizeAsync(host.Request(("prompt", "consent")))).IsConsent.ShouldBeTrue();
    }

    // RFC 8252 §8.6
    [Fact]
    public async Task Asks_each_time_where_any_program_could_have_the_answer()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        var request = host.Request(("redirect_uri", "http://127.0.0.1:4711/done"));
        await host.CodeAsync(request);
        (await host.AuthorizeAsync(request)).IsConsent.ShouldBeTrue();
        BrowserAnswer silent = await host.AuthorizeAsync(CodeHost.Change(request, ("prompt", "none")));
        host.ShouldTellClient(silent, VerificationFailure.ConsentRequired, "consent_required", "http://127.0.0.1:4711/done");
    }

    [Fact]
    public async Task Does_not_ask_for_an_application_of_the_operators_own()
    {
        await using CodeHost host = await CodeHost.StartAsync(options => options.Clients.Single(client => client.ClientId == CodeHost.Shop).RequiresConsent = false);
        (await host.AuthorizeAsync(host.Request())).Query("code").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("deny")]
    [InlineData("")]
    [InlineData("Allow")]
    public async Task Takes_everything_but_allow_for_a_denial(string decision)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer answer = await host.DecideAsync(await host.AuthorizeAsync(host.Request()), decision);
        host.ShouldTellClient(answer, VerificationFailure.AuthorizationDenied, "access_denied");
        (await host.AuthorizeAsync(host.Request())).IsConsent.ShouldBeTrue();
    }

    // RFC 6749 §10.12: another site can have the browser post, and knows no ticket of this person's page.
    [Fact]
    public async Task Takes_no_answer_that_another_site_makes_up()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldShowPage(await host.BrowseAsync("/authorize/consent", new FormUrlEncodedContent([.. host.Request(), new("decision", "allow")])),
            VerificationFailure.AuthorizationRequestMalformed);
        host.ShouldShowPage(await host.BrowseAsync("/authorize/consent", new FormUrlEncodedContent([new("continue", "AAAA"), new("decision", "allow")])),
            VerificationFailure.AuthorizationRequestMalformed);
    }

    // A ticket of the attacker's own page, or of a sign-in, is no consent of the person whose browser posts it.
    [Fact]
    public async Task Takes_no_answer_with_the_ticket_of_another_person()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.User = "mallory";
        BrowserAnswer page = await host.AuthorizeAsync(host.Request());
        host.User = null;
        string signIn = (await host.AuthorizeAsync(host.Request())).ReturnUrl!["/authorize?continue=".Length..];
        (host.User, host.SignedInAt) = ("alice", host.Clock.UtcNow);
        foreach (string ticket in new[] { page.Ticket, signIn })
        {
            BrowserAnswer answer = await host.BrowseAsync("/authorize/consent", new FormUrlEncodedContent([new("continue", ticket), new("decision", "allow")]));
            answer.IsConsent.ShouldBeTrue(answer.Location);
        }
        (await host.Issuer.Services.GetRequiredService<IIssuerStore>().FindConsentAsync("alice", CodeHost.Shop, default)).ShouldBeNull();
    }

    // The page can be read by GET and answered by POST alone, so that no link allows anything.
    [Fact]
    public async Task Takes_no_answer_from_a_link()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer page = await host.AuthorizeAsync(host.Request());
        host.ShouldShowPage(await host.BrowseAsync($"/authorize/consent?continue={page.Ticket}&decision=allow"), VerificationFailure.AuthorizationRequestMalformed, HttpStatusCode.MethodNotAllowed);
        (await host.BrowseAsync($"/authorize?continue={page.Ticket}&decision=allow")).IsConsent.ShouldBeTrue();
    }
}
