using System.Globalization;
using Atlas.Protocol.Rpc;

namespace Atlas.Protocol.Messages;

/// <summary>Names that parameters may have as values.</summary>
internal static class WireNames
{
    private static readonly NameTable HiddenTypes = new("f32", "f16", "bf16");
    private static readonly NameTable Drafters = new("static", "suffix", "learned", "none", "merged", "learned-text", "recall");
    private static readonly string[] Classes = ["interactive", "latency", "throughput"];
    private static readonly string[] Speculators = ["auto", "none", "static", "suffix", "recall", "learned", "learned-text", "merged"];

    /// <summary>Name of a layout of hidden states.</summary>
    public static string Of(HiddenType type) => HiddenTypes.Names[(int)type];

    /// <summary>Reads a layout's name.</summary>
    public static HiddenType ReadHiddenType(ref MessagePackReader reader)
    {
        int index = HiddenTypes.Read(ref reader);
        return index >= 0 ? (HiddenType)index : throw new MessagePackSerializationException("names no layout; expected f32, f16 or bf16");
    }

    /// <summary>Reads a speculator's name; the known ones without allocating.</summary>
    public static string ReadSpeculator(ref MessagePackReader reader)
    {
        MessagePackReader peek = reader.CreatePeekReader();
        int index = Drafters.Read(ref peek);
        if (index < 0) return reader.ReadString()!;
        reader = peek;
        return Drafters.Names[index];
    }

    /// <summary>Reads a number that was written as text.</summary>
    public static int ReadNumber(ref MessagePackReader reader)
    {
        string text = reader.ReadString()!;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new MessagePackSerializationException($"holds the key '{text}'; expected token ids");
    }

    /// <summary>Throws where a request class is none.</summary>
    public static void CheckClass(string name) => Check("class", name, Classes);

    /// <summary>Throws where a choice of speculator is none.</summary>
    public static void CheckSpeculator(string name) => Check("speculator", name, Speculators);

    private static void Check(string parameter, string name, string[] known)
    {
        if (!known.Contains(name)) throw RpcException.Invalid(parameter, $"is '{name}'; expected {string.Join(", ", known)}");
    }
}
