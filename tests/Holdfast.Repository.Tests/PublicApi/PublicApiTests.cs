using System.Reflection;

namespace Holdfast.Repository.Tests;

/// <summary>The public surface of every package, member by member: a change to it is a decision and shows in review.</summary>
public sealed class PublicApiTests
{
    public static TheoryData<string> Packages => ["Holdfast.Core", "Holdfast.Client", "Holdfast.AspNetCore", "Holdfast.AspNetCore.JwtBearer", "Holdfast.Control", "Holdfast.Guard", "Holdfast.Issuer", "Holdfast.Registry", "Holdfast.Replay.PostgreSql", "Holdfast.Storage"];

    [Theory, MemberData(nameof(Packages))]
    public void The_public_api_of_a_package_is_the_recorded_one(string package) =>
        GeneratedFile.ShouldBeCurrent($"tests/Holdfast.Repository.Tests/PublicApi/{package}.txt", PublicApiText.Of(Assembly.Load(package)));
}
