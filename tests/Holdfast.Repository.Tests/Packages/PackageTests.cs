using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Holdfast.Repository.Tests;

public sealed class PackageTests(PackedFixture packed) : IClassFixture<PackedFixture>
{
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static TheoryData<string> Packages => ["Holdfast.Core", "Holdfast.Client", "Holdfast.AspNetCore", "Holdfast.AspNetCore.JwtBearer", "Holdfast.Control", "Holdfast.Guard", "Holdfast.Issuer", "Holdfast.Registry", "Holdfast.Replay.PostgreSql", "Holdfast.Storage"];

    [Theory, MemberData(nameof(Packages))]
    public void A_package_says_what_it_is_and_where_it_comes_from(string package)
    {
        using ZipArchive archive = Open(package);
        XElement metadata = XDocument.Load(archive.Entries.Single(entry => entry.FullName == $"{package}.nuspec").Open()).Root!.Elements().First();
        string? Value(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

        Value("id").ShouldBe(package);
        Value("version").ShouldBe(packed.Version);
        Value("license").ShouldBe("MIT");
        Value("readme").ShouldBe("README.md");
        Value("description").ShouldNotBeNullOrWhiteSpace();
        XElement repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        ((string?)repository.Attribute("type")).ShouldBe("git");
        ((string?)repository.Attribute("commit")).ShouldBe(packed.Commit);
        ((string?)repository.Attribute("url")).ShouldStartWith(Checkout.Remote);

        string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
        names.ShouldContain("README.md");
        names.ShouldContain($"lib/net10.0/{package}.dll");
        names.ShouldContain($"lib/net10.0/{package}.xml");
    }

    [Theory, MemberData(nameof(Packages))]
    public void A_package_carries_its_symbols_and_the_way_to_its_sources(string package)
    {
        using var image = new PEReader(new MemoryStream(Assembly(package)));
        DebugDirectoryEntry symbols = image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using MetadataReaderProvider provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(symbols);
        MetadataReader metadata = provider.GetMetadataReader();

        string sourceLink = metadata.CustomDebugInformation.Select(metadata.GetCustomDebugInformation)
            .Where(information => metadata.GetGuid(information.Kind) == SourceLink)
            .Select(information => Encoding.UTF8.GetString(metadata.GetBlobBytes(information.Value))).Single();
        sourceLink.ShouldContain(packed.Commit);
        metadata.Documents.Select(document => metadata.GetString(metadata.GetDocument(document).Name))
            .Where(name => !name.StartsWith("/_/", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Packages))]
    public void A_package_is_built_alike_from_another_folder(string package) =>
        Assembly(package).AsSpan().SequenceEqual(packed.BuiltElsewhere(package)).ShouldBeTrue();

    [Fact]
    public async Task A_server_and_a_client_outside_the_repository_work_from_the_packages_alone()
    {
        await using var user = new PackageUser(packed);
        await user.BuildAsync();

        UserOutcome outcome = await user.RunAsync();

        outcome.Status.ShouldBe(200);
        outcome.Body.ShouldBe("orders of orders-client");
        // DPOP-RS-03, DPOP-RS-09
        outcome.ThiefStatus.ShouldBe(401);
        outcome.Challenge.ShouldContain("error=\"invalid_token\"");
    }

    private byte[] Assembly(string package)
    {
        using ZipArchive archive = Open(package);
        using Stream stream = archive.GetEntry($"lib/net10.0/{package}.dll")!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private ZipArchive Open(string package) => ZipFile.OpenRead(Path.Combine(packed.Packages, $"{package}.{packed.Version}.nupkg"));
}
