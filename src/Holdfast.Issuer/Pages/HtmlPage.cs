using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>
/// The pages that people see: plain HTML in one style, without scripts. Everything that varies is encoded here and nowhere else; the headers let the page load
/// nothing, be framed by nobody, and send its form to this server alone.
/// </summary>
internal sealed class HtmlPage
{
    // Contrast of at least 4.5:1 in both colour schemes, targets of 44 px, a visible focus (WCAG 2.2 §1.4.3, §2.5.8, §2.4.7).
    private const string Style = """
        :root{color-scheme:light dark;--ground:#f4f5f7;--sheet:#fff;--text:#1b1f24;--quiet:#4a5463;--line:#d5dae1;--act:#0b57c4;--on-act:#fff}
        @media (prefers-color-scheme:dark){:root{--ground:#14171c;--sheet:#1d2127;--text:#eceff3;--quiet:#b3bcc8;--line:#3a424d;--act:#8ab8ff;--on-act:#0a1a30}}
        *{box-sizing:border-box}
        body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
        main{width:100%;max-width:30rem;padding:1.75rem;background:var(--sheet);border:1px solid var(--line);border-radius:.75rem;overflow-wrap:anywhere}
        h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.3}
        h2{margin:1.5rem 0 .25rem;font-size:1rem}
        p,ul,dl{margin:0 0 .75rem}
        ul{padding-left:1.25rem}
        dt,.quiet{color:var(--quiet);font-size:.875rem}
        dd{margin:0 0 .5rem}
        code{font-family:ui-monospace,monospace;font-size:.9375em}
        label{display:block;margin-bottom:.25rem}
        input{width:100%;min-height:2.75rem;padding:.5rem .75rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--quiet);border-radius:.5rem}
        .actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
        button,.button{flex:1 1 10rem;min-height:2.75rem;padding:.5rem 1rem;font:inherit;font-weight:600;text-align:center;text-decoration:none;color:var(--act);background:transparent;border:1px solid var(--act);border-radius:.5rem;cursor:pointer}
        .main{color:var(--on-act);background:var(--act)}
        :focus-visible{outline:3px solid var(--act);outline-offset:2px}
        .warning{padding:.75rem 1rem;margin-bottom:1rem;border:2px solid currentColor;border-radius:.5rem;font-weight:600}
        """;

    private static readonly string StyleHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)));

    private readonly StringBuilder _body = new(2048);

    /// <summary>Markup of our own, as it is.</summary>
    public HtmlPage Markup(string markup)
    {
        _body.Append(markup);
        return this;
    }

    /// <summary>Text of any origin, encoded.</summary>
    public HtmlPage Text(string? text)
    {
        _body.Append(HtmlEncoder.Default.Encode(text ?? ""));
        return this;
    }

    /// <summary>Answers with the page.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="title">What the page is about.</param>
    /// <param name="formsGoTo">Where a form of this page may lead beside this server: a source of CSP; null: nowhere.</param>
    public async Task WriteAsync(HttpContext context, int status, string title, string? formsGoTo = null)
    {
        byte[] page = Encoding.UTF8.GetBytes($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{HtmlEncoder.Default.Encode(title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{HtmlEncoder.Default.Encode(title)}</h1>
            {_body}
            </main>
            </body>
            </html>

            """);
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.Length;
        Protect(response.Headers);
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'sha256-{StyleHash}'; form-action 'self'{(formsGoTo is null ? "" : " " + formsGoTo)}; frame-ancestors 'none'; base-uri 'none'";
        response.Headers.XFrameOptions = "DENY";
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(page, context.RequestAborted);
    }

    // RFC 9700 §4.2.4, §4.16: codes and states in addresses are told to no other site and kept in no cache.
    /// <summary>What every answer to a browser carries.</summary>
    public static void Protect(IHeaderDictionary headers)
    {
        headers.CacheControl = "no-store";
        headers.Pragma = "no-cache";
        headers["Referrer-Policy"] = "no-referrer";
        headers.XContentTypeOptions = "nosniff";
    }
}
