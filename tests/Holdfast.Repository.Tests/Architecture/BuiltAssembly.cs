using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Holdfast.Repository.Tests;

/// <summary>What a built assembly refers to, read from its metadata without loading it.</summary>
internal sealed record BuiltAssembly(string Name, IReadOnlyList<string> References, IReadOnlyList<string> Types)
{
    public static BuiltAssembly Read(string assemblyName)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, assemblyName + ".dll"));
        using var image = new PEReader(file);
        MetadataReader metadata = image.GetMetadataReader();
        string[] references = [.. metadata.AssemblyReferences
            .Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).Order(StringComparer.Ordinal)];
        string[] types = [.. metadata.TypeReferences.Select(handle => FullName(metadata, handle)).Order(StringComparer.Ordinal)];
        return new(assemblyName, references, types);
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            return FullName(metadata, (TypeReferenceHandle)type.ResolutionScope) + "+" + name;
        return type.Namespace.IsNil ? name : metadata.GetString(type.Namespace) + "." + name;
    }
}
