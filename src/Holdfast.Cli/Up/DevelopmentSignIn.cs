using System.Globalization;
using System.Security.Claims;
using Holdfast.Issuer;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Holdfast.Cli.Up;

/// <summary>
/// People sign in by saying who they are, and anyone can be anyone: for trying out on one's own machine. A host of one's own has its own authentication, and
/// gives <see cref="HoldfastIssuerBuilder.UseSignIn(string)"/> its scheme.
/// </summary>
internal static class DevelopmentSignIn
{
    public const string Path = "/development-sign-in";
    private const int MaxName = 50;

    public static void UseDevelopmentSignIn(this HoldfastIssuerBuilder issuer, UpPlan plan)
    {
        // The directory is its owner's alone; that its keys are not encrypted besides is no news here.
        issuer.Services.AddLogging(static logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        issuer.Services.AddDataProtection().SetApplicationName("holdfast-up").PersistKeysToFileSystem(Directory.CreateDirectory(plan.Directory["issuer-sessions"]));
        issuer.Services.AddAntiforgery(options => options.Cookie.Name = "holdfast-up-form");
        issuer.Services.AddAuthentication().AddCookie(options =>
        {
            options.Cookie.Name = "holdfast-up";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.LoginPath = Path;
            options.ExpireTimeSpan = TimeSpan.FromHours(8);
            options.SlidingExpiration = false;
        });
        issuer.UseSignIn(CookieAuthenticationDefaults.AuthenticationScheme);
    }

    public static void MapDevelopmentSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, (HttpContext context, IAntiforgery antiforgery) => ShowAsync(context, antiforgery, null)).AllowAnonymous();
        endpoints.MapPost(Path, SignInAsync).AllowAnonymous();
    }

    private static async Task SignInAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            await ShowAsync(context, antiforgery, "The page was too old. Please send it again.");
            return;
        }
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string name = form["name"].ToString().Trim();
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            await ShowAsync(context, antiforgery, string.Create(CultureInfo.InvariantCulture, $"A name has 1 to {MaxName} characters."));
            return;
        }
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        // AT-13: apart from the identifiers of clients, whatever somebody calls himself.
        var identity = new ClaimsIdentity([new(ClaimTypes.NameIdentifier, $"dev|{name}"), new(ClaimTypes.Name, name),
            new("auth_time", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture))], CookieAuthenticationDefaults.AuthenticationScheme);
        await context.SignInAsync(CookieAuthenticationDefaults.AuthenticationScheme, new ClaimsPrincipal(identity));
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = ReturnUrl(context) ?? "/";
    }

    private static Task ShowAsync(HttpContext context, IAntiforgery antiforgery, string? problem)
    {
        AntiforgeryTokenSet token = antiforgery.GetAndStoreTokens(context);
        string address = Path + QueryString.Create("ReturnUrl", ReturnUrl(context) ?? "/");
        var page = new HtmlPage();
        page.Markup("<p class=\"warning\">For trying out on this machine: anyone can be anyone. There is no password.</p>");
        if (problem is not null)
            page.Markup("<p role=\"alert\">").Text(problem).Markup("</p>");
        page.Markup("<form method=\"post\" action=\"").Text(address).Markup("\"><input type=\"hidden\" name=\"").Text(token.FormFieldName).Markup("\" value=\"").Text(token.RequestToken)
            .Markup("""
                ">
                <label for="name">Your name</label>
                <input id="name" name="name" required maxlength="50" autocomplete="username" autofocus>
                <div class="actions"><button type="submit" class="main">Sign in</button></div>
                </form>
                """);
        return page.WriteAsync(context, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest, "DEVELOPMENT SIGN\u2011IN");
    }

    // FAPI-12: to a path of this server and nowhere else.
    private static string? ReturnUrl(HttpContext context) =>
        context.Request.Query["ReturnUrl"].ToString() is ['/', not ('/' or '\\'), ..] url && url.AsSpan().IndexOfAnyInRange('\0', ' ') < 0 && !url.Contains('\\', StringComparison.Ordinal) ? url : null;
}
