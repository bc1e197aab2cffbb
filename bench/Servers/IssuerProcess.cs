using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Holdfast.Bench;

/// <summary>An issuer in a process of its own, with a client that it knows: Holdfast's, or <c>oidc-provider</c> from npm.</summary>
internal sealed class IssuerProcess : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private IssuerProcess(ServerProcess process, string name, TokenClient client) => (_process, Name, Client) = (process, name, client);

    public string Name { get; }
    public TokenClient Client { get; }
    public TimeSpan CpuTime => _process.CpuTime;

    public static IssuerProcess StartHoldfast(string directory)
    {
        (TokenClient client, string file) = Describe(directory, "holdfast");
        return new(ServerProcess.Serve(["issuer", file]), "Holdfast", client);
    }

    /// <summary>Null where its packages, or Node.js itself, are not installed.</summary>
    public static IssuerProcess? TryStartOidcProvider(string directory)
    {
        if (ScriptFolder() is not { } folder)
            return null;
        (TokenClient client, string file) = Describe(directory, "oidc-provider");
        try
        {
            return new(ServerProcess.Start("node", [Path.Combine(folder, "token-endpoint.mjs"), file], ("NODE_ENV", "production")), "oidc-provider", client);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            client.Dispose();
            return null;
        }
    }

    public Task ReadyAsync() => ServerProcess.EventuallyAsync(Client.TokenEndpoint, async () =>
    {
        using var http = new HttpClient();
        (string body, string proof) = Client.Requests(1, Client.Keys)[0];
        using var request = new HttpRequestMessage(HttpMethod.Post, Client.TokenEndpoint) { Content = new StringContent(body, new MediaTypeHeaderValue(TokenClient.ContentType)) };
        request.Headers.Add("DPoP", proof);
        using HttpResponseMessage response = await http.SendAsync(request);
        return response.StatusCode == HttpStatusCode.OK ? true : throw new InvalidOperationException($"{Name}: {await response.Content.ReadAsStringAsync()}");
    });

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Client.Dispose();
    }

    private static (TokenClient Client, string File) Describe(string directory, string name)
    {
        string issuer = $"http://localhost:{ServerProcess.FreePort()}";
        var client = new TokenClient(issuer);
        string file = Path.Combine(directory, name + ".json");
        File.WriteAllText(file, JsonSerializer.Serialize(
            new IssuerSetup(issuer, Path.Combine(directory, name), TokenClient.Resource, client.Jwk), JsonSerializerOptions.Web));
        return (client, file);
    }

    private static string? ScriptFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return Path.Combine(folder.FullName, "tests", "npm") is var npm && Directory.Exists(Path.Combine(npm, "node_modules", "oidc-provider")) ? npm : null;
        }
        return null;
    }
}
