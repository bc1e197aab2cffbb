using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>Asks a person whether a client may act in its name: who asks, who answers for it, what for, and where the answer goes.</summary>
internal static class ConsentPage
{
    public static Task WriteAsync(HttpContext context, string action, string ticket, AuthorizationOutcome.Ask ask)
    {
        string name = ask.Client.Name ?? ask.Client.ClientId;
        var page = new HtmlPage();
        page.Markup("<p>You are signed in as <strong>").Text(ask.Person.Name).Markup("</strong>. Allow only what you meant to begin yourself.</p>");
        WriteAccess(page, ask.Request);
        page.Markup("<h2>Who asks</h2><dl><dt>Application</dt><dd>").Text(name);
        if (ask.Client.Name is not null)
            page.Markup(" <code>").Text(ask.Client.ClientId).Markup("</code>");
        page.Markup("</dd>");
        if ((ask.Client.Owners.Application ?? ask.Client.Owners.Identity ?? ask.Client.Owners.Platform) is { } owner)
            page.Markup("<dt>Answered for by</dt><dd>").Text(owner.Team).Markup("</dd>");
        page.Markup("<dt>Your answer goes to</dt><dd><code>").Text(RedirectOrigin.Shown(ask.To.Uri)).Markup("</code></dd></dl>");
        page.Markup("<form method=\"post\" action=\"").Text(action).Markup("\"><input type=\"hidden\" name=\"").Markup(AuthorizationTicket.Parameter).Markup("\" value=\"").Text(ticket)
            .Markup("""
                ">
                <div class="actions">
                <button type="submit" class="main" name="decision" value="allow">Allow</button>
                <button type="submit" name="decision" value="deny">Deny</button>
                </div>
                </form>
                """);
        return page.WriteAsync(context, StatusCodes.Status200OK, $"Allow {name}?", RedirectOrigin.Source(ask.To.Uri));
    }

    private static void WriteAccess(HtmlPage page, AcceptedRequest request)
    {
        page.Markup("<h2>What it may do in your name</h2>");
        if (request.Scopes.Contains(AuthorizationRequestRules.OpenId, StringComparer.Ordinal))
            page.Markup("<ul><li>Know who you are here</li></ul>");
        foreach (IssuerResource resource in request.Resources)
        {
            page.Markup("<p>At <code>").Text(resource.Identifier).Markup("</code>:</p><ul>");
            string[] scopes = [.. resource.Scopes.Intersect(request.Scopes, StringComparer.Ordinal)];
            foreach (string scope in scopes)
                page.Markup("<li><code>").Text(scope).Markup("</code></li>");
            if (scopes.Length == 0)
                page.Markup("<li>Everything that it lets you do</li>");
            page.Markup("</ul>");
        }
    }
}
