using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Registry;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holdfast.Cli.Admin;

/// <summary>A file of clients and resources, YAML or JSON, and in which line each part of it begins.</summary>
internal sealed class DesiredFile
{
    private const int MaxBytes = 1024 * 1024;
    // A short file can name one part a million times over.
    private const int MaxNodes = 200_000;

    private readonly string _name;
    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    private int _nodes;

    private DesiredFile(string name) => _name = name;

    /// <summary>What the file says, as the admin API reads it.</summary>
    public JsonObject Content { get; private set; } = [];

    /// <summary>Reads it; <c>-</c> is standard input. Everything that is wrong, each with its line, is a <see cref="CliException"/>.</summary>
    public static DesiredFile Read(string path, CliConsole console)
    {
        var file = new DesiredFile(path == "-" ? "standard input" : console.ShortPath(console.FullPath(path)));
        string text = file.ReadText(path, console);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
            if (stream.Documents is not [{ RootNode: YamlMappingNode root }])
                throw new CliException($"{file._name}: must be one mapping with 'clients', 'resources' or both.");
            file.Content = (JsonObject)file.Convert(root, "", 0)!;
        }
        catch (YamlException fault)
        {
            throw new CliException($"{file._name}:{Math.Max(1, fault.Start.Line)}: is not YAML: {fault.Message.TrimEnd('.')}.", fault);
        }
        List<string> problems = [];
        using var document = JsonDocument.Parse(file.Content.ToJsonString());
        RegistryDocuments.ReadDesired(document.RootElement, problems);
        return problems.Count == 0 ? file : throw new CliException([.. problems.Select(file.WithLine)]);
    }

    /// <summary>A problem, with the line of what it is about where its place can be told.</summary>
    public string WithLine(string problem)
    {
        int colon = problem.IndexOf(": ", StringComparison.Ordinal);
        string place = colon < 0 ? "" : problem[..colon];
        for (; place.Length > 0; place = place[..Math.Max(0, place.LastIndexOfAny(['.', '[']))])
        {
            if (_lines.TryGetValue(place, out long line))
                return $"{_name}:{line}: {problem}";
        }
        return $"{_name}: {problem}";
    }

    private string ReadText(string path, CliConsole console)
    {
        try
        {
            using Stream input = path == "-" ? console.OpenIn() : File.OpenRead(console.FullPath(path));
            byte[] octets = BoundedInput.Read(input, MaxBytes) ?? throw new CliException($"{_name}: is longer than 1 MB; apply it in parts.");
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(octets);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{path}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
        catch (DecoderFallbackException failure)
        {
            throw new CliException($"{_name}: is not UTF-8.", failure);
        }
    }

    private JsonNode? Convert(YamlNode node, string path, int depth)
    {
        if (++_nodes > MaxNodes || depth > RegistryDocuments.MaxDepth)
            throw new CliException($"{_name}:{node.Start.Line}: is nested too deeply, or repeats itself too often.");
        if (path.Length > 0)
            _lines.TryAdd(path, node.Start.Line);
        return node switch
        {
            YamlMappingNode map => Convert(map, path, depth),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select((item, index) => Convert(item, $"{path}[{index}]", depth + 1))]),
            YamlScalarNode scalar => Convert(scalar),
            _ => throw new CliException($"{_name}:{node.Start.Line}: cannot be read."),
        };
    }

    private JsonObject Convert(YamlMappingNode map, string path, int depth)
    {
        var content = new JsonObject();
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? throw new CliException($"{_name}:{key.Start.Line}: a name must be a text.");
            string where = path.Length == 0 ? name : $"{path}.{name}";
            _lines[where] = key.Start.Line;
            content[name] = Convert(value, where, depth + 1);
        }
        return content;
    }

    // YAML 1.2 §10.2: what plain words stand for. Numbers stay texts: no member is one, and 1.10 is not 1.1.
    private static JsonValue? Convert(YamlScalarNode scalar) => scalar switch
    {
        { Style: ScalarStyle.Plain, Value: "true" } => JsonValue.Create(true),
        { Style: ScalarStyle.Plain, Value: "false" } => JsonValue.Create(false),
        { Style: ScalarStyle.Plain, Value: null or "" or "~" or "null" } => null,
        _ => JsonValue.Create(scalar.Value),
    };
}
