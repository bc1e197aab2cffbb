using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Holdfast.Repository.Tests;

/// <summary>Lists the public and protected members of an assembly as stable text: types by name, members by kind and name.</summary>
internal static class PublicApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        text.AppendLine($"# The public API of {assembly.GetName().Name}. Update: {GeneratedFile.UpdateCommand}");
        foreach (Type type in assembly.GetExportedTypes().Where(type => !IsGenerated(type)).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.AppendLine();
            text.AppendLine(TypeNames.Declaration(type));
            foreach (string member in Members(type))
                text.AppendLine("  " + member);
        }
        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}");
        if (type.BaseType == typeof(MulticastDelegate))
            return [Signature(type.GetMethod("Invoke")!)];
        return type.GetConstructors(Declared).Where(IsVisible).Select(Signature).Order(StringComparer.Ordinal)
            .Concat(type.GetFields(Declared).Where(field => (field.IsPublic || field.IsFamily) && !IsGenerated(field)).Select(Field).Order(StringComparer.Ordinal))
            .Concat(type.GetProperties(Declared).Where(property => property.GetAccessors(true).Any(IsVisible) && !IsGenerated(property)).Select(Property).Order(StringComparer.Ordinal))
            .Concat(type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)).Select(e => $"event {TypeNames.Of(e.EventHandlerType!)} {e.Name}").Order(StringComparer.Ordinal))
            .Concat(type.GetMethods(Declared).Where(method => IsVisible(method) && !IsGenerated(method) && !IsAccessor(method)).Select(Signature).Order(StringComparer.Ordinal));
    }

    private static string Field(FieldInfo field) =>
        (field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : ""))
        + $"{TypeNames.Of(field)} {field.Name}" + (field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "");

    private static string Property(PropertyInfo property)
    {
        MethodInfo any = property.GetAccessors(true).First(IsVisible);
        string accessors = property.GetMethod is { } get && IsVisible(get) ? "get; " : "";
        if (property.SetMethod is { } set && IsVisible(set))
            accessors += set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; ";
        string index = property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{Parameters(parameters)}]" : "";
        bool required = property.IsDefined(typeof(RequiredMemberAttribute));
        return $"{(any.IsStatic ? "static " : "")}{(required ? "required " : "")}{TypeNames.Of(property)} {property.Name}{index} {{ {accessors}}}";
    }

    private static string Signature(ConstructorInfo constructor) =>
        $"{(constructor.IsPublic ? "" : "protected ")}{TypeNames.Bare(constructor.DeclaringType!)}({Parameters(constructor.GetParameters())})";

    private static string Signature(MethodInfo method)
    {
        string modifiers = (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "")
            + (method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : method.IsVirtual && !method.IsFinal && !method.DeclaringType!.IsInterface ? "virtual " : "");
        string generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeNames.Of))}>" : "";
        string extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return $"{modifiers}{TypeNames.Of(method.ReturnParameter)} {method.Name}{generic}({extension}{Parameters(method.GetParameters())})";
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(parameter =>
        (parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
        + $"{TypeNames.Of(parameter)} {parameter.Name}" + (parameter.HasDefaultValue ? $" = {Literal(parameter.DefaultValue)}" : "")));

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // What the compiler adds to records and extension blocks says nothing that the declaration does not.
    private static bool IsGenerated(MemberInfo member) =>
        member.Name.Contains('<') || member.Name.Contains('$') || member.IsDefined(typeof(CompilerGeneratedAttribute), false)
        || (member is Type { IsNested: true } nested && IsGenerated(nested.DeclaringType!));
}
