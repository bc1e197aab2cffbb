using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Integration.Tests;

/// <summary>The documents of a <see cref="TestIssuer"/> over HTTP, for programs that fetch them themselves. Its tokens say whatever a test wants.</summary>
internal sealed class ProxyIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ProxyIssuer(WebApplication app, TestIssuer issuer) => (_app, Issuer) = (app, issuer);

    public TestIssuer Issuer { get; }

    public static async Task<ProxyIssuer> StartAsync(int port)
    {
        var issuer = new TestIssuer($"http://127.0.0.1:{port}");
        var documents = new HttpMessageInvoker(issuer.Handler);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(issuer.Url);
        WebApplication app = builder.Build();
        app.Run(async context =>
        {
            using HttpResponseMessage answer = await documents.SendAsync(new HttpRequestMessage(HttpMethod.Get, issuer.Url + context.Request.Path), context.RequestAborted);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = "application/json";
            await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        });
        await app.StartAsync();
        return new(app, issuer);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
