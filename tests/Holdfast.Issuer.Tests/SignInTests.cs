namespace Holdfast.Issuer.Tests;

/// <summary>People sign in at the host, and no more often and no less than a request says (OpenID Connect Core §3.1.2.1).</summary>
public class SignInTests
{
    [Fact]
    public async Task Has_a_person_sign_in_and_goes_on_from_there()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.User = null;
        BrowserAnswer answer = await host.AuthorizeAsync(host.Request());
        answer.Location.ShouldNotBeNull().ShouldStartWith("/sign-in?");
        string back = answer.ReturnUrl.ShouldNotBeNull();
        back.ShouldStartWith("/authorize?continue=");
        (host.User, host.SignedInAt) = ("bob", host.Clock.UtcNow);
        BrowserAnswer code = await host.DecideAsync(await host.BrowseAsync(back));
        CallerKey.Payload((await host.RedeemAsync(code.Query("code")!)).ShouldBeToken()).GetProperty("sub").GetString().ShouldBe("bob");
        code.Query("state").ShouldBe(CodeHost.State);
    }

    // OpenID Connect Core §3.1.2.6
    [Fact]
    public async Task Asks_nothing_where_the_client_says_so()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldTellClient(await host.AuthorizeAsync(host.Request(("prompt", "none"))), VerificationFailure.ConsentRequired, "consent_required");
        await host.CodeAsync();
        (await host.AuthorizeAsync(host.Request(("prompt", "none")))).Query("code").ShouldNotBeNull();
        host.User = null;
        host.ShouldTellClient(await host.AuthorizeAsync(host.Request(("prompt", "none"))), VerificationFailure.SignInRequired, "login_required");
    }

    [Fact]
    public async Task Has_a_person_sign_in_again_where_the_client_asks_for_it()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer answer = await host.AuthorizeAsync(host.Request(("prompt", "login")));
        answer.Query("prompt").ShouldBe("login");
        // Back as before, which is no answer; and not sent round for ever.
        host.ShouldTellClient(await host.BrowseAsync(answer.ReturnUrl!), VerificationFailure.SignInRequired, "login_required");
        // A ticket that was renewed at the moment of the question is none, either.
        host.SignedInAt = host.Clock.UtcNow;
        host.ShouldTellClient(await host.BrowseAsync(answer.ReturnUrl!), VerificationFailure.SignInRequired, "login_required");
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        host.SignedInAt = host.Clock.UtcNow;
        (await host.BrowseAsync(answer.ReturnUrl!)).IsConsent.ShouldBeTrue();
    }

    // −1/0/+1
    [Theory]
    [InlineData(59, true)]
    [InlineData(60, true)]
    [InlineData(61, false)]
    public async Task Has_a_person_sign_in_again_after_max_age(int age, bool isEnough)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.SignedInAt = host.Clock.UtcNow;
        host.Clock.Advance(TimeSpan.FromSeconds(age));
        (await host.AuthorizeAsync(host.Request(("max_age", "60")))).IsConsent.ShouldBe(isEnough);
    }

    [Fact]
    public async Task Takes_the_new_sign_in_for_any_max_age()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        BrowserAnswer answer = await host.AuthorizeAsync(host.Request(("max_age", "0")));
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        host.SignedInAt = host.Clock.UtcNow;
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        BrowserAnswer code = await host.DecideAsync(await host.BrowseAsync(answer.ReturnUrl!));
        TokenAnswer tokens = await host.RedeemAsync(code.Query("code")!);
        CallerKey.Payload(tokens.Member("id_token")!).GetProperty("auth_time").GetInt64().ShouldBe(host.SignedInAt.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Lets_a_person_choose_an_account_once()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        BrowserAnswer answer = await host.AuthorizeAsync(host.Request(("prompt", "select_account")));
        answer.Query("prompt").ShouldBe("select_account");
        (await host.BrowseAsync(answer.ReturnUrl!)).IsConsent.ShouldBeTrue();
    }

    [Fact]
    public async Task Gives_up_after_half_an_hour()
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.User = null;
        string back = (await host.AuthorizeAsync(host.Request())).ReturnUrl!;
        (host.User, host.SignedInAt) = ("alice", host.Clock.UtcNow);
        host.Clock.Advance(TimeSpan.FromMinutes(30) - TimeSpan.FromSeconds(1));
        (await host.BrowseAsync(back)).IsConsent.ShouldBeTrue();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        host.ShouldShowPage(await host.BrowseAsync(back), VerificationFailure.AuthorizationRequestMalformed);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("not base64url!")]
    public async Task Takes_no_ticket_of_anybody_else(string ticket)
    {
        await using CodeHost host = await CodeHost.StartAsync();
        host.ShouldShowPage(await host.BrowseAsync("/authorize?continue=" + Uri.EscapeDataString(ticket)), VerificationFailure.AuthorizationRequestMalformed);
    }

    // AT-13: who a person is, is said in the claim that the host names.
    [Fact]
    public async Task Takes_nobody_whose_subject_is_not_known()
    {
        await using CodeHost host = await CodeHost.StartAsync(signIn: options => options.SubjectClaim = "employee");
        host.ShouldTellClient(await host.AuthorizeAsync(host.Request()), VerificationFailure.AuthorizationDenied, "access_denied");
    }
}
