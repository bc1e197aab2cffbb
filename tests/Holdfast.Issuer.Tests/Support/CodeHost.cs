using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Holdfast.Testing;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Issuer.Tests;

/// <summary>
/// An issuer where people sign in, with a public client in a browser, a confidential one, and the browser of one person. Does everything right unless told
/// otherwise.
/// </summary>
public sealed partial class CodeHost : IAsyncDisposable
{
    public const string Shop = "shop";
    public const string Portal = "portal";
    public const string ShopUri = "https://shop.example/done";
    public const string PortalUri = "https://portal.example/done?from=issuer";
    public const string ParEndpoint = IssuerHost.Issuer + "/par";
    public const string State = "a state & more";

    private CodeHost(IssuerHost issuer) => Issuer = issuer;

    public IssuerHost Issuer { get; }
    /// <summary>The key of the person's client.</summary>
    public CallerKey Key { get; } = new();
    public ManualTimeProvider Clock => Issuer.Clock;
    /// <summary>Who is signed in; null: nobody.</summary>
    public string? User { get; set; } = "alice";
    /// <summary>Since when.</summary>
    public DateTimeOffset SignedInAt { get; set; }
    /// <summary>The verifier of the challenge (RFC 7636 §4.1).</summary>
    public string Verifier { get; } = TestKey.Encode(RandomNumberGenerator.GetBytes(32));
    public string Challenge => TestKey.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static async Task<CodeHost> StartAsync(Action<HoldfastIssuerOptions>? configure = null, IssuerHost? successorOf = null, Action<IServiceCollection>? services = null,
        Action<IssuerSignInOptions>? signIn = null)
    {
        IssuerHost issuer = await IssuerHost.StartAsync(options =>
        {
            options.Clients.Add(ShopOptions());
            options.Clients.Add(new()
            {
                ClientId = Portal, Jwks = options.Clients[0].Jwks, GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = [PortalUri],
                Scopes = ["orders.read", "stock.read", "openid"], Resources = [IssuerHost.Orders, "https://stock.example/v1"], Name = "The portal",
            });
            configure?.Invoke(options);
        }, successorOf, collection =>
        {
            collection.AddAuthentication(PersonScheme.Name).AddScheme<AuthenticationSchemeOptions, PersonScheme>(PersonScheme.Name, null);
            collection.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
            services?.Invoke(collection);
        }, builder => builder.UseSignIn(options =>
        {
            options.Scheme = PersonScheme.Name;
            signIn?.Invoke(options);
        }));
        return new(issuer) { SignedInAt = issuer.Clock.UtcNow };
    }

    public static IssuerClientOptions ShopOptions() => new()
    {
        ClientId = Shop, AuthenticationMethod = "none", GrantTypes = ["authorization_code", "refresh_token"], RedirectUris = [ShopUri, "http://127.0.0.1/done"],
        Scopes = ["orders.read", "orders.write", "openid"], Resources = [IssuerHost.Orders], Name = "The <shop>",
    };

    /// <summary>A good authorization request of the shop; a null value removes a parameter, others replace or add.</summary>
    public Dictionary<string, string> Request(params (string Name, string? Value)[] changes) => Change(new()
    {
        ["client_id"] = Shop, ["redirect_uri"] = ShopUri, ["response_type"] = "code", ["scope"] = "openid orders.read", ["state"] = State, ["nonce"] = "a nonce",
        ["code_challenge"] = Challenge, ["code_challenge_method"] = "S256",
    }, changes);

    /// <summary>The same of the portal.</summary>
    public Dictionary<string, string> PortalRequest(params (string Name, string? Value)[] changes) =>
        Change(Request(("client_id", Portal), ("redirect_uri", PortalUri), ("scope", "orders.read"), ("resource", IssuerHost.Orders)), changes);

    public static Dictionary<string, string> Change(Dictionary<string, string> parameters, params (string Name, string? Value)[] changes)
    {
        foreach ((string name, string? value) in changes)
        {
            if (value is null)
                parameters.Remove(name);
            else
                parameters[name] = value;
        }
        return parameters;
    }

    /// <summary>Sends the browser to the authorization endpoint.</summary>
    public Task<BrowserAnswer> AuthorizeAsync(Dictionary<string, string> request) => BrowseAsync("/authorize?" + Query(request));

    public static string Query(IEnumerable<KeyValuePair<string, string>> parameters) =>
        string.Join('&', parameters.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    /// <summary>Sends the browser anywhere; with a form by POST.</summary>
    public async Task<BrowserAnswer> BrowseAsync(string address, HttpContent? form = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, address) { Content = form };
        if (User is not null)
        {
            request.Headers.Add(PersonScheme.UserField, User);
            request.Headers.Add(PersonScheme.SinceField, SignedInAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        }
        change?.Invoke(request);
        using HttpResponseMessage response = await Issuer.Client.SendAsync(request);
        return await BrowserAnswer.ReadAsync(response);
    }

    /// <summary>Answers the consent page.</summary>
    public Task<BrowserAnswer> DecideAsync(BrowserAnswer page, string decision = "allow") => BrowseAsync(page.FormAction, new FormUrlEncodedContent(
        [new("continue", page.Ticket), new("decision", decision)]));

    /// <summary>A code, with the person's consent where it is asked.</summary>
    public async Task<string> CodeAsync(Dictionary<string, string>? request = null)
    {
        BrowserAnswer answer = await AuthorizeAsync(request ?? Request());
        if (answer.IsConsent)
            answer = await DecideAsync(answer);
        return answer.Query("code").ShouldNotBeNull(answer.Body);
    }

    public string Proof(string url = IssuerHost.TokenEndpoint, string? nonce = null, Action<JsonObject, JsonObject>? change = null) => Key.Proof(url, Clock.UtcNow, nonce, change);

    /// <summary>Redeems a code as the shop.</summary>
    public Task<TokenAnswer> RedeemAsync(string code, string? proof = null, params (string Name, string? Value)[] changes) =>
        Issuer.AskAsync(proof ?? Proof(), Change(new()
        {
            ["grant_type"] = "authorization_code", ["client_id"] = Shop, ["code"] = code, ["redirect_uri"] = ShopUri, ["code_verifier"] = Verifier,
        }, changes));

    /// <summary>Redeems a code as the portal, authenticated.</summary>
    public Task<TokenAnswer> RedeemAsPortalAsync(string code, string? proof = null, params (string Name, string? Value)[] changes) =>
        RedeemAsync(code, proof, [("client_id", null), ("redirect_uri", PortalUri), .. Authentication(), .. changes]);

    /// <summary>The portal's assertion as parameters.</summary>
    public (string Name, string? Value)[] Authentication(string? assertion = null) =>
    [
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion ?? Issuer.Key.Assertion(Portal, IssuerHost.Issuer, Clock.UtcNow)),
    ];

    /// <summary>Pushes a request as it is; with a proof where one is given.</summary>
    public Task<TokenAnswer> PushAsync(Dictionary<string, string> request, string? proof = null) =>
        Issuer.SendAsync(new FormUrlEncodedContent(request), proof ?? "", path: "/par");

    /// <summary>Pushes a good request of the portal, and tells its reference.</summary>
    public async Task<string> PushedAsync(string? proof = null, params (string Name, string? Value)[] changes)
    {
        TokenAnswer answer = await PushAsync(Change(PortalRequest(Authentication()), changes), proof);
        answer.Status.ShouldBe(HttpStatusCode.Created, answer.Body.ToString());
        return answer.Member("request_uri")!;
    }

    /// <summary>Sends the browser with a reference.</summary>
    public Task<BrowserAnswer> AuthorizePushedAsync(string reference, string client = Portal, params (string Name, string? Value)[] more) =>
        AuthorizeAsync(Change(new() { ["client_id"] = client, ["request_uri"] = reference }, more));

    /// <summary>The failure is recorded, and a page says so; nobody is sent anywhere.</summary>
    public void ShouldShowPage(BrowserAnswer answer, VerificationFailure failure, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        answer.Status.ShouldBe(status, answer.Location);
        answer.Location.ShouldBeNull();
        answer.Body.ShouldContain(FailureCatalog.Get(failure).Name);
        Issuer.Log.Failures[^1].ShouldBe(FailureCatalog.Get(failure).Name);
    }

    /// <summary>The failure is recorded, and the client is told this error, with its state and the issuer (AT-93).</summary>
    public void ShouldTellClient(BrowserAnswer answer, VerificationFailure failure, string error, string redirectUri = ShopUri)
    {
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Body);
        answer.Location.ShouldNotBeNull().ShouldStartWith(redirectUri);
        answer.Query("error").ShouldBe(error);
        answer.Query("code").ShouldBeNull();
        answer.Query("state").ShouldBe(State);
        answer.Query("iss").ShouldBe(IssuerHost.Issuer);
        Issuer.Log.Failures[^1].ShouldBe(FailureCatalog.Get(failure).Name);
    }

    public ValueTask DisposeAsync() => Issuer.DisposeAsync();
}

/// <summary>What a browser was answered.</summary>
public sealed partial record BrowserAnswer(HttpStatusCode Status, string Body, string? Location, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    public bool IsConsent => Status == HttpStatusCode.OK && Body.Contains("name=\"decision\"", StringComparison.Ordinal);
    public string FormAction => Find(Action());
    public string Ticket => Find(TicketField());
    /// <summary>Where the person comes back to after signing in.</summary>
    public string? ReturnUrl => Query("return");

    /// <summary>A parameter of the address that the browser is sent to.</summary>
    public string? Query(string name) => Location is null ? null
        : System.Web.HttpUtility.ParseQueryString(new Uri(new Uri(IssuerHost.Issuer), Location).Query)[name];

    public string? Header(string name) => Headers.TryGetValues(name, out IEnumerable<string>? values) ? string.Join(", ", values) : null;

    public static async Task<BrowserAnswer> ReadAsync(HttpResponseMessage response) =>
        new(response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location?.OriginalString, response.Headers);

    private string Find(Regex expression) => WebUtility.HtmlDecode(expression.Match(Body).Groups[1].Value);

    [GeneratedRegex("action=\"([^\"]*)\"")]
    private static partial Regex Action();

    [GeneratedRegex("name=\"continue\" value=\"([^\"]*)\"")]
    private static partial Regex TicketField();
}
