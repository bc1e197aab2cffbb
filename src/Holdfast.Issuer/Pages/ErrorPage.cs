using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>Tells a person why it does not go on, where there is no client that could be told.</summary>
internal static class ErrorPage
{
    public static Task WriteAsync(HttpContext context, int status, FailureInfo failure) => new HtmlPage()
        .Markup("<p>").Text(failure.Description).Markup("</p>")
        .Markup("<p>Nothing was allowed, and nobody was told who you are. Go back to the application, and begin again there. If it happens again, tell those who run it this word:</p>")
        .Markup("<p><code>").Text(failure.Name).Markup("</code></p>")
        .WriteAsync(context, status, "This cannot go on");
}
