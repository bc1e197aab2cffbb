using System.Security.Cryptography;

namespace Holdfast.Repository.Tests;

/// <summary>Packs the packages once, from a copy of the sources, under a version that no cache has seen; and builds a second copy elsewhere.</summary>
public sealed class PackedFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    public string Version { get; } = $"0.1.0-test.{RandomNumberGenerator.GetHexString(12, lowercase: true)}";

    public string Packages => _folder.At("packages");

    public string Commit { get; private set; } = "";

    internal static readonly IReadOnlyDictionary<string, string?> Environment = new Dictionary<string, string?>
    {
        // Of the run that this is part of, nothing may leak into the build of a package.
        ["CI"] = "true", ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1", ["MSBuildSDKsPath"] = null,
        ["MSBUILD_EXE_PATH"] = null, ["MSBuildLoadMicrosoftTargetsReadOnly"] = null, ["VSTEST_CONNECTION_TIMEOUT"] = null,
    };

    public async Task InitializeAsync()
    {
        string first = _folder.At("first"), second = _folder.At("somewhere/else/second");
        await Checkout.CreateAsync(first);
        await Checkout.CreateAsync(second);
        Commit = (await Checkout.RunAsync(first, Environment, "git", "rev-parse", "HEAD")).Trim();
        string[] settings = ["-c", "Release", $"-p:Version={Version}", "-p:RunAnalyzers=false", "--nologo", "-v", "q"];
        await Checkout.RunAsync(first, Environment, "dotnet", ["pack", "Packed.slnx", "-o", Packages, .. settings]);
        await Checkout.RunAsync(second, Environment, "dotnet", ["build", "Packed.slnx", .. settings]);
    }

    /// <summary>The assembly of a package as the second copy built it.</summary>
    public byte[] BuiltElsewhere(string package) =>
        File.ReadAllBytes(_folder.At($"somewhere/else/second/artifacts/bin/{package}/release/{package}.dll"));

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }
}
