using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Holdfast.Issuer;

/// <summary>Reads settings into options. One that does not exist or cannot be read is a problem, not a silence, and all of them are told together.</summary>
internal static class SettingsReader
{
    public static void Read(IConfiguration configuration, HoldfastIssuerOptions options)
    {
        var readable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        Walk(configuration, "", typeof(HoldfastIssuerOptions), readable, options.ConfigurationProblems);
        new ConfigurationBuilder().AddInMemoryCollection(readable).Build().Bind(options);
    }

    private static void Walk(IConfiguration section, string path, Type type, Dictionary<string, string?> readable, List<string> problems)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            string key = path.Length == 0 ? child.Key : $"{path}:{child.Key}";
            Type? wanted = type.IsGenericType ? type.GenericTypeArguments[0]
                : type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType;
            if (wanted is null)
                problems.Add($"The setting '{child.Path}' does not exist.");
            else if (!IsOne(wanted) && string.IsNullOrEmpty(child.Value))
                Walk(child, key, wanted, readable, problems);
            else if (IsOne(wanted) && CanRead(child, wanted))
                readable[key] = child.Value;
            else
                problems.Add($"The setting '{child.Path}' has a value that cannot be read.");
        }
    }

    private static bool IsOne(Type type) => type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsValueType;

    private static bool CanRead(IConfigurationSection setting, Type type)
    {
        if (setting.GetChildren().Any())
            return false;
        try
        {
            _ = setting.Get(type);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
