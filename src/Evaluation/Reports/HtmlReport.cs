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
    public const int Colors = 7;

    // Okabe and Ito's palette, which tells series apart for the colour-blind too; lighter ones on dark ground.
    private const string Style = """
        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1b1f24; --dim: #5b6570; --grid: #e3e7eb; --band: #f4f6f8;
          --c0: #767f88; --c1: #c76a00; --c2: #0072b2; --c3: #a4437e; --c4: #00875f; --c5: #7a5cc4; --c6: #a68a00; --good: #00875f; --bad: #c0392b; --note: #b8860b; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14181d; --ink: #e8ecf0; --dim: #9aa5b1; --grid: #2b323a; --band: #1b2128;
          --c0: #9aa5b1; --c1: #f0a04b; --c2: #5bb4e5; --c3: #e08bbd; --c4: #3fcf9f; --c5: #b39df0; --c6: #d9c23c; --good: #3fcf9f; --bad: #f08070; --note: #e6c04c; } }
        body { background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; max-width: 920px; margin: 2em auto; padding: 0 1em; }
        h1 { font-size: 1.6em; } h2 { font-size: 1.2em; margin-top: 2em; } p { color: var(--dim); }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } th, td { padding: .25em .8em; border-bottom: 1px solid var(--grid); text-align: left; }
        td.number, th.number { text-align: right; }
        svg { width: 100%; height: auto; margin: .6em 0; display: block; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
        svg text.title { font-weight: 600; font-size: 13px; } svg text.small { fill: var(--dim); font-size: 11px; } svg text.label { fill: var(--dim); }
        .grid { stroke: var(--grid); } .band { fill: var(--band); } .band.odd { fill: none; }
        .line { fill: none; stroke-width: 1.8; } .area { fill-opacity: .55; }
        .line.s0 { stroke: var(--c0); } .line.s1 { stroke: var(--c1); } .line.s2 { stroke: var(--c2); } .line.s3 { stroke: var(--c3); }
        .line.s4 { stroke: var(--c4); stroke-width: 2.6; } .line.s5 { stroke: var(--c5); } .line.s6 { stroke: var(--c6); }
        .fill.s0 { fill: var(--c0); } .fill.s1 { fill: var(--c1); } .fill.s2 { fill: var(--c2); } .fill.s3 { fill: var(--c3); }
        .fill.s4 { fill: var(--c4); } .fill.s5 { fill: var(--c5); } .fill.s6 { fill: var(--c6); }
        .marker line { stroke-dasharray: 3 3; stroke-opacity: .6; } .published line { stroke: var(--good); } .published path { fill: var(--good); }
        .rolledback line { stroke: var(--bad); } .rolledback path { fill: var(--bad); } .drift line { stroke: var(--note); } .drift circle { fill: var(--note); }
        """;

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

    /// <summary>A chart.</summary>
    public void AddChart(Chart chart) => _body.Add(chart.ToSvg());

    /// <summary>The whole page.</summary>
    public override string ToString()
    {
        var head = new XElement(
            "head", new XElement("meta", new XAttribute("charset", "utf-8")),
            new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
            new XElement("title", _title), new XElement("style", Style));
        var page = new XElement("html", new XAttribute("lang", "en"), head, _body);
        var text = new StringBuilder("<!DOCTYPE html>\n");
        using (var writer = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false })) page.WriteTo(writer);
        return text.Append('\n').ToString();
    }

    /// <summary>Writes the page to a file.</summary>
    public void Save(string path) => File.WriteAllText(path, ToString(), new UTF8Encoding(false));

    // A cell without text would be written as an element that HTML takes for an open one.
    private static XElement Cell(string name, string text, bool number) =>
        new(name, number ? new XAttribute("class", "number") : null, text.Length == 0 ? "\u00A0" : Svg.Clean(text));

    private static bool IsNumber(ReportTable table, int column) => table.Rows.Count > 0 && table.Rows.All(row =>
        row[column].Length == 0 || double.TryParse(row[column].TrimEnd('%', ' ', 'x'), NumberStyles.Float, CultureInfo.InvariantCulture, out _));
}
