using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Holdfast.Registry;

/// <summary>Compares a document with what a type has room for, and says everything that differs and where; a deserializer stops at the first.</summary>
internal static class StrictShape
{
    private const int MaxProblems = 100;
    private const int MaxName = 64;

    public static void Check(JsonElement element, JsonTypeInfo type, string path, ICollection<string> problems)
    {
        if (problems.Count >= MaxProblems)
            return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when element.ValueKind == JsonValueKind.Object:
                CheckMembers(element, type, path, problems);
                break;
            case JsonTypeInfoKind.Object:
                problems.Add($"{At(path)}must be an object, and is {In(element)}.");
                break;
            case JsonTypeInfoKind.Enumerable when element.ValueKind == JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                    Check(item, type.Options.GetTypeInfo(type.ElementType!), $"{path}[{index++}]", problems);
                break;
            case JsonTypeInfoKind.Enumerable:
                problems.Add($"{At(path)}must be a list, and is {In(element)}.");
                break;
            default:
                CheckValue(element, type.Type, path, problems);
                break;
        }
    }

    private static void CheckMembers(JsonElement element, JsonTypeInfo type, string path, ICollection<string> problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty member in element.EnumerateObject())
        {
            string name = member.Name.Length <= MaxName ? member.Name : member.Name[..MaxName] + "…";
            string where = path.Length == 0 ? name : $"{path}.{name}";
            JsonPropertyInfo? known = type.Properties.FirstOrDefault(property => string.Equals(property.Name, member.Name, StringComparison.Ordinal));
            if (known is null)
                problems.Add($"{where}: there is no such member; there are {string.Join(", ", type.Properties.Where(property => property.Set is not null).Select(property => property.Name))}.");
            else if (!seen.Add(member.Name))
                problems.Add($"{where}: is there twice.");
            else if (member.Value.ValueKind == JsonValueKind.Null && known.IsSetNullable)
                continue;
            // A member that is JSON itself has a reader of its own.
            else if (known.CustomConverter is null || known.PropertyType.IsEnum || Nullable.GetUnderlyingType(known.PropertyType) is not null)
                Check(member.Value, type.Options.GetTypeInfo(known.PropertyType), where, problems);
        }
        foreach (JsonPropertyInfo missing in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name)))
            problems.Add($"{(path.Length == 0 ? missing.Name : $"{path}.{missing.Name}")}: is missing.");
    }

    private static void CheckValue(JsonElement element, Type type, string path, ICollection<string> problems)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(bool) && element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
            problems.Add($"{At(path)}must be true or false, and is {In(element)}.");
        else if (plain == typeof(string) && element.ValueKind != JsonValueKind.String)
            problems.Add($"{At(path)}must be a text, and is {In(element)}.");
        // A number in place of a word is none of them, whatever it would stand for.
        else if (plain.IsEnum && element.ValueKind != JsonValueKind.String)
            problems.Add($"{At(path)}must be a word, and is {In(element)}.");
    }

    private static string At(string path) => path.Length == 0 ? "The document " : $"{path}: ";

    private static string In(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null or JsonValueKind.Undefined => "null",
        _ => "something else",
    };
}
