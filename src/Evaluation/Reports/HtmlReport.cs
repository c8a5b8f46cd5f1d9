using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Atlas.Evaluation.Reports;

/// <summary>
/// One HTML page that holds all it shows: headings, text, tables and charts, light or dark as the reader's system is. It has no script and
/// fetches nothing. The page is well-formed XML as well.
/// </summary>
public sealed class HtmlReport
{
    /// <summary>Colours that series have in turn.</summary>
    public const int Colors = 8;

    private const string Style = """
        body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 920px; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.6em; } h2 { font-size: 1.2em; margin-top: 2em; } p { color: var(--dim); }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: .25em .8em; border-bottom: 1px solid var(--grid); text-align: left; }
        td.number, th.number { text-align: right; }
        svg { width: 100%; height: auto; margin: .6em 0; display: block; }
        """;

    private readonly List<Chart> _charts = [];
    private readonly XElement _body;
    private readonly string _title;

    /// <summary>A page with a heading.</summary>
    public HtmlReport(string title)
    {
        _title = Svg.Clean(title);
        _body = new XElement("body", new XElement("h1", _title));
    }

    /// <summary>A heading within the page.</summary>
    public void AddHeading(string text) => _body.Add(new XElement("h2", Svg.Clean(text)));

    /// <summary>A paragraph.</summary>
    public void AddText(string text) => _body.Add(new XElement("p", Svg.Clean(text)));

    /// <summary>A table.</summary>
    public void AddTable(ReportTable table)
    {
        var rows = table.Rows.Select(row => new XElement("tr", row.Select((cell, i) => Cell("td", cell, IsNumber(table, i)))));
        _body.Add(new XElement(
            "table",
            new XElement("thead", new XElement("tr", table.Columns.Select((name, i) => Cell("th", name, IsNumber(table, i))))),
            new XElement("tbody", rows)));
    }

    /// <summary>The charts so far, in their order.</summary>
    public IReadOnlyList<Chart> Charts => _charts;

    /// <summary>A chart.</summary>
    public void AddChart(Chart chart)
    {
        _charts.Add(chart);
        _body.Add(chart.ToSvg());
    }

    /// <summary>The whole page.</summary>
    public override string ToString()
    {
        var head = new XElement(
            "head", new XElement("meta", new XAttribute("charset", "utf-8")),
            new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            new XElement("title", _title), new XElement("style", ChartStyle.Following + "\n" + Style));
        var page = new XElement("html", new XAttribute("lang", "en"), head, _body);
        var text = new StringBuilder("<!DOCTYPE html>\n");
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false })) page.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    /// <summary>Writes the page to a file; its directory is made where it is not there.</summary>
    public void Save(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } directory) Directory.CreateDirectory(directory);
        File.WriteAllText(path, ToString(), new UTF8Encoding(false));
    }

    // A cell without text would be written as an element that HTML takes for an open one.
    private static XElement Cell(string name, string text, bool number) =>
        new(name, number ? new XAttribute("class", "number") : null, text.Length == 0 ? "\u00A0" : Svg.Clean(text));

    private static bool IsNumber(ReportTable table, int column) => table.Rows.Count > 0 && table.Rows.All(row =>
        row[column].Length == 0 || double.TryParse(row[column].TrimEnd('%', ' ', 'x'), NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
