namespace Holdfast.Repository.Tests;

/// <summary>The assemblies that come with .NET itself and with ASP.NET Core.</summary>
internal static class SharedFrameworks
{
    public static readonly IReadOnlySet<string> Base = AssembliesBeside(typeof(object));
    public static readonly IReadOnlySet<string> AspNetCore = AssembliesBeside(typeof(Microsoft.AspNetCore.Http.HttpContext));

    private static HashSet<string> AssembliesBeside(Type type) =>
        [.. Directory.EnumerateFiles(Path.GetDirectoryName(type.Assembly.Location)!, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file))];
}
