using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Atlas.Evaluation.Reports;

/// <summary>Elements of SVG as charts need them. Attributes and text are escaped by the XML writer, so that names may hold anything.</summary>
internal static class Svg
{
    public static readonly XNamespace Namespace = "http://www.w3.org/2000/svg";

    public static XElement Element(string name, params (string Name, object Value)[] attributes)
    {
        var element = new XElement(Namespace + name);
        foreach (var (attribute, value) in attributes) element.SetAttributeValue(attribute, Text(value));
        return element;
    }

    public static XElement Label(string text, double x, double y, string css, string anchor = "start")
    {
        var label = Element("text", ("x", x), ("y", y), ("class", css), ("text-anchor", anchor));
        label.Add(Clean(text));
        return label;
    }

    /// <summary>What a pointer over an element shows.</summary>
    public static XElement Titled(this XElement element, string title)
    {
        element.AddFirst(new XElement(Namespace + "title", Clean(title)));
        return element;
    }

    /// <summary>The text with a sign of replacement for what XML cannot hold.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value is 0x9 or 0xA or 0xD or (>= 0x20 and not 0xFFFE and not 0xFFFF) ? rune.ToString() : "\uFFFD");
        return clean.ToString();
    }

    public static string Number(double value) =>
        Math.Abs(value) >= 1000 ? value.ToString("N0", CultureInfo.InvariantCulture) : value.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Text(object value) => value switch
    {
        double number => Math.Round(number, 2).ToString(CultureInfo.InvariantCulture),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => Clean(value.ToString() ?? ""),
    };
}
