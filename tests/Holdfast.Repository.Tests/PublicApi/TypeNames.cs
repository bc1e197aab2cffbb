using System.Reflection;

namespace Holdfast.Repository.Tests;

/// <summary>Types as C# spells them, nullable references with their question mark.</summary>
internal static class TypeNames
{
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(short)] = "short", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(double)] = "double",
    };

    public static string Declaration(Type type)
    {
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            { IsSealed: true } => "sealed class",
            _ => "class",
        };
        // A record is told by its members; interfaces that the runtime adds by itself are not listed.
        IEnumerable<string> bases = type.IsEnum ? [] : (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [Of(parent)] : Array.Empty<string>())
            .Concat(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Select(Of).Order(StringComparer.Ordinal));
        string list = string.Join(", ", bases);
        return $"{kind} {type.Namespace}.{Bare(type, nested: true)}{(list.Length == 0 ? "" : " : " + list)}";
    }

    public static string Of(ParameterInfo parameter) => Of(parameter.ParameterType, Nullability.Create(parameter));

    public static string Of(PropertyInfo property) => Of(property.PropertyType, Nullability.Create(property));

    public static string Of(FieldInfo field) => Of(field.FieldType, Nullability.Create(field));

    public static string Of(Type type) => Of(type, null);

    public static string Bare(Type type, bool nested = false)
    {
        string name = type.Name.Split('`')[0];
        if (nested && type.DeclaringType is { } outer)
            name = Bare(outer, nested: true) + "." + name;
        return type.IsGenericTypeDefinition ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>" : name;
    }

    private static string Of(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability?.ElementType ?? nullability);
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying, null) + "?";
        string mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword + mark;
        if (type.IsArray)
            return Of(type.GetElementType()!, nullability?.ElementType) + "[]" + mark;
        if (!type.IsGenericType)
            return (type.IsNested && !type.IsGenericParameter ? Bare(type.DeclaringType!) + "." : "") + type.Name + mark;
        Type[] arguments = type.GetGenericArguments();
        IEnumerable<string> names = arguments.Select((argument, i) => Of(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(i)));
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", names)}>{mark}";
    }
}
