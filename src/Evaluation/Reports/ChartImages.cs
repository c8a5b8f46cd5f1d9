using System.Text;
using System.Xml;

namespace Atlas.Evaluation.Reports;

/// <summary>
/// Charts as SVG files of their own, for a text that shows them as images. Each holds its style and has a white ground, so that it can be read
/// wherever it is shown, on dark pages too.
/// </summary>
public static class ChartImages
{
    /// <summary>Writes each chart to a file that is named after its title; returns the files' paths. What was there of that name is replaced.</summary>
    /// <param name="directory">Made where it is not there.</param>
    /// <param name="prefix">Before every name; may be empty.</param>
    /// <param name="charts">Their titles differ.</param>
    public static IReadOnlyList<string> Save(string directory, string prefix, IEnumerable<Chart> charts)
    {
        Directory.CreateDirectory(directory);
        var paths = new List<string>();
        foreach (var chart in charts)
        {
            paths.Add(Path.Combine(directory, prefix + NameOf(chart.Title) + ".svg"));
            File.WriteAllText(paths[^1], Text(chart), new UTF8Encoding(false));
        }
        return paths;
    }

    /// <summary>A chart as the text of an SVG file.</summary>
    internal static string Text(Chart chart)
    {
        var svg = chart.ToSvg();
        svg.SetAttributeValue("width", Chart.Width);
        svg.SetAttributeValue("height", Chart.Height);
        var style = Svg.Element("style");
        style.Add(ChartStyle.Light);
        svg.AddFirst(style, Svg.Element("rect", ("width", "100%"), ("height", "100%"), ("fill", "#ffffff")));
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true })) svg.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    // Letters and digits, with a hyphen for whatever stands between.
    private static string NameOf(string title) => string.Join('-', string.Concat(title.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
