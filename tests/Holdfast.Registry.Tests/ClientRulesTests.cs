namespace Holdfast.Registry.Tests;

public sealed class ClientRulesTests
{
    private static readonly Client Machine = EditorGround.Client();
    private static readonly Client Browser = new()
    {
        ClientId = "shop", PathKind = PathKind.Browser, AuthenticationMethod = "none", GrantTypes = ["authorization_code", "refresh_token"],
        RedirectUris = ["https://shop.example/done"], Scopes = ["openid"], Resources = [EditorGround.Orders],
    };

    [Fact]
    public void Lets_good_clients_pass()
    {
        ClientRules.Check(Machine, allowsSecrets: false).ShouldBeEmpty();
        ClientRules.Check(Browser, allowsSecrets: false).ShouldBeEmpty();
        ClientRules.Check(Browser with { PathKind = PathKind.Mobile, RedirectUris = ["com.example.shop:/done", "http://127.0.0.1/done", "https://shop.example/app"] }, allowsSecrets: false).ShouldBeEmpty();
        ClientRules.Check(Machine with { AuthenticationMethod = "tls_client_auth", Jwks = null, TlsClientAuthSanDns = "orders.example" }, allowsSecrets: false).ShouldBeEmpty();
        ClientRules.Check(Machine with { AuthenticationMethod = "client_secret_post", Jwks = null }, allowsSecrets: true).ShouldBeEmpty();
    }

    public static TheoryData<string, Client> Bad => new()
    {
        { "client_id", Machine with { ClientId = "" } },
        { "client_id", Machine with { ClientId = "a b" } },
        { "client_id", Machine with { ClientId = new string('a', 257) } },
        { "client_name", Machine with { Name = "two\nlines" } },
        { "owners.platform.team", Machine with { Owners = new() { Platform = new(" ", "x") } } },
        { "owners.application.contact", Machine with { Owners = new() { Application = new("x", new string('c', 201)) } } },
        { "state", Machine with { State = (ClientState)7 } },
        { "path_kind", Machine with { PathKind = (PathKind)7 } },
        { "profile", Machine with { Profile = (SecurityProfile)7 } },
        { "token_endpoint_auth_method", Machine with { AuthenticationMethod = "client_secret_jwt" } },
        { "token_endpoint_auth_method", Machine with { AuthenticationMethod = "client_secret_basic", Jwks = null } },
        // AT-64
        { "jwks", Machine with { JwksUri = "https://orders.example/jwks" } },
        { "jwks", Machine with { Jwks = null } },
        { "jwks", Machine with { Jwks = "[]" } },
        { "jwks", Machine with { Jwks = "{\"keys\":[" + new string(' ', 64 * 1024) + "]}" } },
        { "jwks_uri", Machine with { Jwks = null, JwksUri = "http://orders.example/jwks" } },
        { "jwks", Browser with { Jwks = """{"keys":[]}""" } },
        // MTLS-07
        { "tls_client_auth_subject_dn", Machine with { AuthenticationMethod = "tls_client_auth", Jwks = null } },
        { "tls_client_auth_subject_dn", Machine with { AuthenticationMethod = "tls_client_auth", Jwks = null, TlsClientAuthSanDns = "a", TlsClientAuthSanIp = "192.0.2.1" } },
        { "tls_client_auth_subject_dn", Machine with { TlsClientAuthSubjectDn = "CN=x" } },
        { "grant_types", Machine with { GrantTypes = [] } },
        { "grant_types", Machine with { GrantTypes = ["password"] } },
        { "grant_types", Machine with { GrantTypes = ["client_credentials", "refresh_token"] } },
        { "grant_types", Browser with { PathKind = null, GrantTypes = ["authorization_code", "client_credentials"] } },
        { "path_kind", Browser with { AuthenticationMethod = "private_key_jwt", Jwks = """{"keys":[]}""" } },
        { "redirect_uris", Browser with { RedirectUris = [] } },
        { "redirect_uris", Machine with { RedirectUris = ["https://shop.example/done"] } },
        { "redirect_uris", Browser with { RedirectUris = [.. Enumerable.Range(0, 21).Select(i => $"https://shop.example/{i}")] } },
        { "scopes", Machine with { Scopes = ["a b"] } },
        { "scopes", Machine with { Scopes = [.. Enumerable.Range(0, 101).Select(i => $"s{i}")] } },
        { "resources", Machine with { Resources = ["orders"] } },
        { "introspects", Machine with { Introspects = ["https://orders.example/#a"] } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Names_the_member_that_is_wrong(string member, Client client) =>
        ClientRules.Check(client, allowsSecrets: false).Select(problem => problem.Split(':')[0]).Distinct().ShouldBe([member]);

    [Theory]
    [InlineData("http://shop.example/done")]
    [InlineData("https://shop.example/done#part")]
    [InlineData("https://me@shop.example/done")]
    [InlineData("https://*.shop.example/done")]
    [InlineData("https://shop.example/*")]
    [InlineData("https:/shop.example")]
    [InlineData("/done")]
    [InlineData("https://shop.example/dö")]
    [InlineData("com.example.shop:/done")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    public void Refuses_a_redirect_uri(string uri) => RedirectUri.Problem(uri, PathKind.Browser).ShouldNotBeNull();

    [Theory]
    [InlineData("shop:/done")]
    [InlineData("javascript:alert(1)")]
    public void Refuses_a_scheme_that_nobody_owns(string uri) => RedirectUri.Problem(uri, PathKind.Mobile).ShouldNotBeNull();

    [Fact]
    public void A_null_where_a_text_belongs_is_a_problem_and_no_fault() =>
        ClientRules.Check(Browser with { Scopes = [null!], RedirectUris = [null!], Resources = [null!] }, allowsSecrets: false).Count.ShouldBe(3);
}
