using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Holdfast.Repository.Tests;

/// <summary>What the user's client saw, and what a thief with its token saw.</summary>
internal sealed record UserOutcome(int Status, string Body, int ThiefStatus, string Challenge);

/// <summary>Somebody outside the repository, with the packages in a folder and the package source that is configured on the machine.</summary>
internal sealed class PackageUser(PackedFixture packed) : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public async Task BuildAsync()
    {
        _folder.Write("nuget.config", $"""<configuration><packageSources><add key="packed" value="{packed.Packages}" /></packageSources></configuration>""");
        WriteProject("Server", "Microsoft.NET.Sdk.Web", "Holdfast.AspNetCore", "Holdfast.Issuer", "Holdfast.Storage");
        WriteProject("Client", "Microsoft.NET.Sdk", "Holdfast.Client");
        foreach (string project in new[] { "Server", "Client" })
            await Checkout.RunAsync(_folder.At(project), PackedFixture.Environment, "dotnet", "build", "--nologo", "-v", "q", "-o", _folder.At($"out/{project}"));
    }

    public async Task<UserOutcome> RunAsync()
    {
        string url = $"http://127.0.0.1:{FreePort.Take(1)[0]}";
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder.At("client-key.pem"), key.ExportPkcs8PrivateKeyPem());
        File.SetUnixFileMode(_folder.At("client-key.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var environment = new Dictionary<string, string?>(PackedFixture.Environment)
        {
            ["Url"] = url,
            ["Issuer__Issuer"] = url,
            ["Issuer__DataDirectory"] = _folder.At("data"),
            ["Issuer__Resources__0__Identifier"] = url,
            ["Issuer__Resources__0__Scopes__0"] = "orders.read",
            ["Issuer__Clients__0__ClientId"] = "orders-client",
            ["Issuer__Clients__0__Jwks"] = PublicJwk(key),
            ["Issuer__Clients__0__Scopes__0"] = "orders.read",
            ["Issuer__Clients__0__Resources__0"] = url,
        };
        await using RunningProcess server = await RunningProcess.StartAsync("dotnet", [_folder.At("out/Server/Server.dll")],
            line => line.Contains("Application started", StringComparison.Ordinal), _folder.Path, environment);
        (int code, string output, string error) = await ProcessRun.ToEndAsync("dotnet",
            [_folder.At("out/Client/Client.dll"), url, _folder.At("client-key.pem"), _folder.At("keys/proof-key.pem")], _folder.Path, PackedFixture.Environment);
        code.ShouldBe(0, $"{output}\n{error}\n{server.Output}");
        return JsonSerializer.Deserialize<UserOutcome>(output, JsonSerializerOptions.Web)!;
    }

    // The packages of this run have a version of their own; nobody needs them in the machine's cache afterwards.
    public ValueTask DisposeAsync()
    {
        string assets = _folder.At("Server/obj/project.assets.json");
        if (File.Exists(assets))
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(assets));
            foreach (JsonProperty cache in json.RootElement.GetProperty("packageFolders").EnumerateObject())
            {
                foreach (string package in new[] { "core", "client", "aspnetcore", "issuer" })
                {
                    string cached = Path.Combine(cache.Name, $"holdfast.{package}", packed.Version);
                    if (Directory.Exists(cached))
                        Directory.Delete(cached, recursive: true);
                }
            }
        }
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private void WriteProject(string name, string sdk, params string[] packages)
    {
        string references = string.Concat(packages.Select(package => $"""<PackageReference Include="{package}" Version="{packed.Version}" />"""));
        _folder.Write($"{name}/{name}.csproj", $"""
            <Project Sdk="{sdk}">
              <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings><Nullable>enable</Nullable></PropertyGroup>
              <ItemGroup>{references}</ItemGroup>
            </Project>
            """);
        _folder.Write($"{name}/Program.cs", RepositoryFiles.Read($"tests/Holdfast.Repository.Tests/Packages/User/{name}.cs"));
    }

    private static string PublicJwk(ECDsa key)
    {
        ECParameters parameters = key.ExportParameters(includePrivateParameters: false);
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Base64Url.EncodeToString(parameters.Q.X)}}","y":"{{Base64Url.EncodeToString(parameters.Q.Y)}}"}""";
    }
}
