namespace Holdfast.Repository.Tests;

/// <summary>One row of the dependency table.</summary>
/// <param name="Project">The project.</param>
/// <param name="Assembly">Its assembly.</param>
/// <param name="Projects">Our projects that it may name as a direct dependency.</param>
/// <param name="Packages">Packages that it may name as a direct dependency.</param>
/// <param name="Owned">Prefixes of assemblies that these bring along and whose types it may use.</param>
/// <param name="AspNetCore">Whether it may use the ASP.NET Core framework.</param>
internal sealed record Boundary(string Project, string Assembly, string[] Projects, string[] Packages, string[] Owned, bool AspNetCore)
{
    public static readonly IReadOnlyList<Boundary> Table =
    [
        new("Holdfast.Core", "Holdfast.Core", [], [], [], AspNetCore: false),
        new("Holdfast.Client", "Holdfast.Client", ["Holdfast.Core"], ["Microsoft.Extensions.Http"], ["Microsoft.Extensions."], AspNetCore: false),
        new("Holdfast.Registry", "Holdfast.Registry", ["Holdfast.Core"], [], [], AspNetCore: false),
        new("Holdfast.AspNetCore", "Holdfast.AspNetCore", ["Holdfast.Core", "Holdfast.Client"],
            ["Microsoft.IdentityModel.JsonWebTokens", "Microsoft.IdentityModel.Protocols.OpenIdConnect"], ["Microsoft.IdentityModel."], AspNetCore: true),
        new("Holdfast.AspNetCore.JwtBearer", "Holdfast.AspNetCore.JwtBearer", ["Holdfast.AspNetCore"], ["Microsoft.AspNetCore.Authentication.JwtBearer"],
            ["Holdfast.Core", "Microsoft.AspNetCore.Authentication.JwtBearer", "Microsoft.IdentityModel.", "System.IdentityModel.Tokens.Jwt"], AspNetCore: true),
        new("Holdfast.Replay.PostgreSql", "Holdfast.Replay.PostgreSql", ["Holdfast.AspNetCore"], ["Npgsql"], ["Holdfast.Core", "Npgsql"], AspNetCore: true),
        new("Holdfast.Issuer", "Holdfast.Issuer", ["Holdfast.AspNetCore", "Holdfast.Registry"], [], ["Holdfast.Core", "Microsoft.IdentityModel."], AspNetCore: true),
        new("Holdfast.Control", "Holdfast.Control", ["Holdfast.AspNetCore", "Holdfast.Registry"], [], ["Holdfast.Core"], AspNetCore: true),
        new("Holdfast.Storage", "Holdfast.Storage", ["Holdfast.Registry", "Holdfast.Issuer"], ["Dapper", "Microsoft.Data.Sqlite", "Npgsql"],
            ["Holdfast.Core", "Holdfast.AspNetCore", "Dapper", "Microsoft.Data.Sqlite", "SQLitePCLRaw.", "Npgsql"], AspNetCore: true),
        new("Holdfast.Guard", "Holdfast.Guard", ["Holdfast.AspNetCore"], ["YamlDotNet"], ["Holdfast.Core", "YamlDotNet", "Microsoft.IdentityModel."], AspNetCore: true),
        // None of ours: an outside opinion never judges with the verifier it tests. JwtBearer is the unprotected twin.
        new("Holdfast.Conformance", "Holdfast.Conformance", [], ["Microsoft.AspNetCore.Authentication.JwtBearer"],
            ["Microsoft.AspNetCore.Authentication.JwtBearer", "Microsoft.IdentityModel."], AspNetCore: true),
        new("Holdfast.Cli", "holdfast",
            ["Holdfast.AspNetCore", "Holdfast.Client", "Holdfast.Conformance", "Holdfast.Control", "Holdfast.Core", "Holdfast.Guard", "Holdfast.Issuer", "Holdfast.Registry", "Holdfast.Replay.PostgreSql", "Holdfast.Storage"],
            ["Spectre.Console", "System.CommandLine", "YamlDotNet"], ["Spectre.Console", "System.CommandLine", "YamlDotNet", "Microsoft.IdentityModel."], AspNetCore: true),
    ];
}
