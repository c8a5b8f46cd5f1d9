using System.Reflection;

namespace Atlas.Protocol.Tests.MessagePack;

/// <summary>
/// Whatever the codec offers, the MessagePack package offers under the same signature: golden/messagepack-3.1.8-api.txt lists the
/// package's. Code that compiles against the codec so compiles against the package. With <c>-p:AtlasMessagePack=package</c> this
/// compares the package with the list.
/// </summary>
public sealed class PackageApiTests
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(char)] = "char",
        [typeof(string)] = "string",
        [typeof(void)] = "void",
    };

    private static readonly HashSet<string> Package =
        [.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "golden", "messagepack-3.1.8-api.txt"))];

    public static TheoryData<Type> Types =>
    [
        typeof(MessagePackWriter), typeof(MessagePackReader), typeof(MessagePackCode), typeof(MessagePackType), typeof(ExtensionHeader),
        typeof(ExtensionResult), typeof(MessagePackSerializationException), typeof(ReservedMessagePackExtensionTypeCode),
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_public_member_is_the_packages(Type type)
    {
        var members = Signatures(type).ToList();
        Assert.NotEmpty(members);
        Assert.All(members, signature => Assert.Contains(signature, Package));
    }

    private static IEnumerable<string> Signatures(Type type)
    {
        foreach (ConstructorInfo constructor in type.GetConstructors(Public & ~BindingFlags.Static))
            yield return $"{type.Name}({Parameters(constructor)})";
        foreach (PropertyInfo property in type.GetProperties(Public)) yield return $"{Name(property.PropertyType)} {type.Name}.{property.Name}";
        foreach (MethodInfo method in type.GetMethods(Public).Where(m => !m.IsSpecialName && !m.IsVirtual))
            yield return $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {type.Name}.{method.Name}({Parameters(method)})";
        foreach (FieldInfo field in type.GetFields(Public).Where(f => f.IsLiteral))
            yield return $"const {Name(field.FieldType)} {type.Name}.{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), null)}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
        p.IsOut ? "out " + Name(p.ParameterType.GetElementType()!)
        : p.ParameterType.IsByRef ? "in " + Name(p.ParameterType.GetElementType()!)
        : Name(p.ParameterType)));

    private static string Name(Type type)
    {
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return Name(inner) + "?";
        if (!type.IsGenericType) return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
