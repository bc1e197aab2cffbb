using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Holdfast.Control;

/// <summary>The parameters of a request, read strictly: what is not understood is refused, or a filter with a typing error would show too much.</summary>
internal sealed class ControlQuery
{
    private const int MaxLength = 2048;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Everything that is wrong, one sentence each.</summary>
    public List<string> Problems { get; } = [];

    public static ControlQuery Read(IQueryCollection query, string[] names)
    {
        var read = new ControlQuery();
        foreach ((string name, StringValues values) in query)
        {
            // Names of parameters are compared without case by the framework, and exactly here.
            if (!names.Contains(name, StringComparer.Ordinal))
                read.Problems.Add($"{(name.Length <= 64 ? name : name[..64] + "…")}: there is no such parameter; there are {(names.Length == 0 ? "none" : string.Join(", ", names))}.");
            else if (values is not [{ Length: > 0 and <= MaxLength } value])
                read.Problems.Add($"{name}: must be there once, with 1 to {MaxLength} characters.");
            else
                read._values[name] = value;
        }
        return read;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public string Required(string name)
    {
        if (_values.TryGetValue(name, out string? value))
            return value;
        if (!Problems.Exists(problem => problem.StartsWith(name + ":", StringComparison.Ordinal)))
            Problems.Add($"{name}: is missing.");
        return "";
    }

    public bool Flag(string name)
    {
        if (!_values.TryGetValue(name, out string? value))
            return false;
        if (value is not ("true" or "false"))
            Problems.Add($"{name}: must be true or false.");
        return value == "true";
    }

    public int Limit(int standard, int most)
    {
        if (!_values.TryGetValue("limit", out string? value))
            return standard;
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit >= 1 && limit <= most)
            return limit;
        Problems.Add($"limit: must be a number from 1 to {most}.");
        return standard;
    }

    public long? Place(string name)
    {
        if (!_values.TryGetValue(name, out string? value))
            return null;
        if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long place))
            return place;
        Problems.Add($"{name}: must be a number.");
        return null;
    }

    /// <summary>A time such as <c>30d</c> or <c>12h</c>, up to ten years.</summary>
    public TimeSpan? Age(string name)
    {
        if (!_values.TryGetValue(name, out string? value))
            return null;
        if (value is [.. var digits, 'd' or 'h'] && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            && (value[^1] == 'd' ? count : count / 24) is var days && count > 0 && days <= 3650)
            return value[^1] == 'd' ? TimeSpan.FromDays(count) : TimeSpan.FromHours(count);
        Problems.Add($"{name}: must be a time in days or hours of at most ten years, such as 30d or 12h.");
        return null;
    }

    public T? Word<T>(string name, params (string Word, T Value)[] words) where T : struct
    {
        if (!_values.TryGetValue(name, out string? value))
            return null;
        foreach ((string word, T meaning) in words)
        {
            if (string.Equals(word, value, StringComparison.Ordinal))
                return meaning;
        }
        Problems.Add($"{name}: is none of {string.Join(", ", words.Select(word => word.Word))}.");
        return null;
    }

    /// <summary>The refusal, where anything is wrong.</summary>
    public ControlAnswer? Refusal => Problems.Count == 0 ? null : ControlAnswer.Problem(StatusCodes.Status400BadRequest, "The parameters cannot be read.", Problems);
}
