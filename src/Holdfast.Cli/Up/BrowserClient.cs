using Holdfast.Issuer;
using Holdfast.Registry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Cli.Up;

/// <summary>A client that is a program in a browser, such as one that a development server on port 5173 serves; and what the API lets its pages do.</summary>
internal static class BrowserClient
{
    public const string ClientId = "orders-app";
    private const string Origin = "http://localhost:5173";

    public static IssuerClientOptions Options(UpPlan plan) => new()
    {
        ClientId = ClientId,
        Name = "Orders",
        AuthenticationMethod = ClientAuthenticationMethods.None,
        GrantTypes = ["authorization_code", "refresh_token"],
        // RFC 8252 §7.3: any port of the loopback address.
        RedirectUris = [$"{Origin}/", "http://127.0.0.1/", "http://127.0.0.1/callback"],
        Scopes = ["openid", OrdersApi.Read, OrdersApi.Write],
        Resources = [plan.ApiUrl],
    };

    /// <summary>Lets pages of this machine call the API with tokens and proofs, and never with cookies.</summary>
    public static void AddBrowserAccess(this IServiceCollection services) => services.AddCors(options => options.AddDefaultPolicy(Policy));

    // DPOP-RS-21 and the following: the fields that a browser client has to send and to read.
    private static void Policy(CorsPolicyBuilder policy) => policy
        .SetIsOriginAllowed(static origin => origin == Origin || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri is { Scheme: "http", Host: "127.0.0.1" }))
        .WithMethods("GET", "POST")
        .WithHeaders("Authorization", "DPoP", "Content-Type");
}
