using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Holdfast.Guard.Internal;

/// <summary>
/// A mapping of the file. Each member is asked for by name; what is there and was not asked for is a problem, and so is a value of another kind.
/// </summary>
internal sealed class YamlMap(YamlMappingNode node, string path, List<GuardConfigProblem> problems)
{
    private readonly List<string> _known = [];

    /// <summary>Where the mapping begins.</summary>
    public int Line => (int)node.Start.Line;

    /// <summary>Where it stands: <c>routes[0]</c>; empty for the whole file.</summary>
    public string Path => path;

    /// <summary>Adds a problem with a member, or with the mapping where the member is not there.</summary>
    public void Problem(string member, string message) => problems.Add(At(member, message));

    /// <summary>The same, and does not add it.</summary>
    public GuardConfigProblem At(string member, string message) => new(Find(member) is { } value ? (int)value.Start.Line : Line, PathOf(member), message);

    /// <summary>Adds a problem with the mapping itself.</summary>
    public void Problem(string message) => problems.Add(new(Line, path, message));

    /// <summary>True where the member is there.</summary>
    public bool Has(string member) => Find(member) is not null;

    /// <summary>True where the member is a list without items.</summary>
    public bool IsEmptyList(string member) => Find(member) is YamlSequenceNode { Children.Count: 0 };

    /// <summary>A text that must be there; empty where it is not.</summary>
    public string RequiredText(string member, string meaning)
    {
        if (!Has(member))
            Problem(member, $"missing; {meaning}.");
        return Text(member) ?? "";
    }

    /// <summary>A text, or null.</summary>
    public string? Text(string member) => Find(member) is { } value ? TextOf(value, PathOf(member)) : null;

    /// <summary>True or false.</summary>
    public bool Flag(string member)
    {
        if (Find(member) is not { } value)
            return false;
        if (value is YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } scalar)
            return scalar.Value == "true";
        Problem(member, "must be true or false.");
        return false;
    }

    /// <summary>A whole number, or null.</summary>
    public int? Number(string member, int least, int most)
    {
        if (Find(member) is not { } value)
            return null;
        if (value is YamlScalarNode { Style: ScalarStyle.Plain } scalar
            && int.TryParse(scalar.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most)
            return number;
        Problem(member, FormattableString.Invariant($"must be a whole number from {least} to {most}."));
        return null;
    }

    /// <summary>A time such as <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>1h</c> or <c>7d</c>.</summary>
    public TimeSpan Time(string member, TimeSpan standard, TimeSpan least, TimeSpan most)
    {
        if (Find(member) is not { } value)
            return standard;
        if (value is YamlScalarNode scalar && TryReadTime(scalar.Value ?? "", out TimeSpan time) && time >= least && time <= most)
            return time;
        Problem(member, $"must be a time from {InWords(least)} to {InWords(most)}, such as {InWords(standard)}.");
        return standard;
    }

    /// <summary>One of a few words, or null.</summary>
    public T? Choice<T>(string member, params (string Word, T Value)[] choices) where T : struct
    {
        if (Text(member) is not { } text)
            return null;
        foreach ((string word, T value) in choices)
        {
            if (string.Equals(word, text, StringComparison.Ordinal))
                return value;
        }
        Problem(member, $"'{text}' is none of {string.Join(", ", choices.Select(choice => choice.Word))}.");
        return null;
    }

    /// <summary>A list of texts with the line of each; empty where there is none.</summary>
    public IReadOnlyList<string> Texts(string member) =>
        [.. Items(member).Select((item, index) => TextOf(item, $"{PathOf(member)}[{index}]")).OfType<string>()];

    /// <summary>A list of mappings; empty where there is none.</summary>
    public IReadOnlyList<YamlMap> Maps(string member) =>
        [.. Items(member).Select((item, index) => MapOf(item, $"{PathOf(member)}[{index}]")).OfType<YamlMap>()];

    /// <summary>A mapping, or null.</summary>
    public YamlMap? Map(string member) => Find(member) is { } value ? MapOf(value, PathOf(member)) : null;

    /// <summary>Says which members nobody asked for. Called once everything has been read.</summary>
    public void Close()
    {
        foreach (YamlNode key in node.Children.Keys)
        {
            string name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_known.Contains(name, StringComparer.Ordinal))
                problems.Add(new((int)key.Start.Line, path, $"'{name}' is not a setting here; there are {string.Join(", ", _known)}."));
        }
    }

    /// <summary>A time as it is written in the file.</summary>
    public static string InWords(TimeSpan time) => time switch
    {
        { TotalDays: >= 1, Ticks: var ticks } when ticks % TimeSpan.TicksPerDay == 0 => $"{time.Days}d",
        { Ticks: var ticks } when ticks > 0 && ticks % TimeSpan.TicksPerHour == 0 => $"{(int)time.TotalHours}h",
        { Ticks: var ticks } when ticks > 0 && ticks % TimeSpan.TicksPerMinute == 0 => $"{(int)time.TotalMinutes}m",
        { Ticks: var ticks } when ticks % TimeSpan.TicksPerSecond == 0 => $"{(int)time.TotalSeconds}s",
        _ => $"{(int)time.TotalMilliseconds}ms",
    };

    private static bool TryReadTime(string text, out TimeSpan time)
    {
        time = default;
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits is < 1 or > 9)
            return false;
        long count = long.Parse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        long unit = text[digits..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            _ => 0,
        };
        time = TimeSpan.FromTicks(Math.Min(count, long.MaxValue / TimeSpan.TicksPerDay) * unit);
        return unit > 0;
    }

    private YamlNode? Find(string member)
    {
        if (!_known.Contains(member, StringComparer.Ordinal))
            _known.Add(member);
        return node.Children.TryGetValue(new YamlScalarNode(member), out YamlNode? value) ? value : null;
    }

    private IEnumerable<YamlNode> Items(string member)
    {
        if (Find(member) is not { } value)
            return [];
        if (value is YamlSequenceNode list)
            return list.Children;
        Problem(member, "must be a list.");
        return [];
    }

    private string? TextOf(YamlNode value, string where)
    {
        if (value is YamlScalarNode { Value: { Length: > 0 } text } scalar && !IsOfAnotherKind(scalar))
            return text;
        problems.Add(new((int)value.Start.Line, where, value is YamlScalarNode { Value: { Length: > 0 } other } ? $"must be a text; put '{other}' in quotes." : "must be a text that is not empty."));
        return null;
    }

    // YAML 1.2 §10.3: what a plain scalar stands for where it is no text.
    private static bool IsOfAnotherKind(YamlScalarNode scalar) =>
        scalar.Style == ScalarStyle.Plain
        && (scalar.Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE" or "null" or "Null" or "NULL" or "~"
            || double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _));

    private YamlMap? MapOf(YamlNode value, string where)
    {
        if (value is YamlMappingNode map)
            return new(map, where, problems);
        problems.Add(new((int)value.Start.Line, where, "must be a mapping."));
        return null;
    }

    private string PathOf(string member) => path.Length == 0 ? member : $"{path}.{member}";
}
