using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holdfast.Guard.Internal;

/// <summary>One YAML document whose root is a mapping.</summary>
internal static class YamlDocument
{
    /// <summary>Characters of the longest file.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The root, or null and a problem.</summary>
    public static YamlMap? TryRead(string yaml, List<GuardConfigProblem> problems)
    {
        if (yaml.Length > MaxLength)
        {
            problems.Add(new(1, "", $"The file is longer than {MaxLength} characters."));
            return null;
        }
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException fault)
        {
            problems.Add(new((int)Math.Clamp(fault.Start.Line, 1, yaml.AsSpan().Count('\n') + 1), "", $"This is not YAML: {fault.Message.TrimEnd('.')}."));
            return null;
        }
        if (stream.Documents is [{ RootNode: YamlMappingNode root }])
            return new YamlMap(root, "", problems);
        problems.Add(new(1, "", "The file must be one mapping of settings, such as 'listeners: …'."));
        return null;
    }
}
