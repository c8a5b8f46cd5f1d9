using System.Xml.Linq;
using Atlas.Evaluation.Reports;

namespace Atlas.Evaluation.Tests.Reports;

/// <summary>A page is one well-formed document that needs nothing else.</summary>
public sealed class HtmlReportTests
{
    private const string Nasty = "a<b>&\"c'\u0001 ]]> <script>alert(1)</script> \uD83D\uDE00 \uD800";

    [Fact]
    public void A_page_with_everything_is_well_formed_xml()
    {
        var body = Parse(Page(Nasty)).Root!.Element("body")!;
        Assert.Equal(["h1", "h2", "p", "table", "svg", "svg"], body.Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public void Names_are_escaped_and_come_back_as_they_were_but_for_what_xml_cannot_hold()
    {
        var page = Parse(Page(Nasty));
        string expected = Nasty.Replace('\u0001', '\uFFFD').Replace("\uD800", "\uFFFD", StringComparison.Ordinal);
        Assert.Equal(expected, page.Root!.Element("head")!.Element("title")!.Value);
        Assert.Equal(expected, page.Descendants("td").First().Value);
        Assert.Contains(page.Descendants(), e => e.Name.LocalName == "text" && e.Value == expected);
        Assert.Contains(page.Descendants(), e => e.Name.LocalName == "title" && e.Parent!.Name.LocalName == "circle" && e.Value.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void There_is_no_script_and_nothing_is_fetched()
    {
        string text = Page(Nasty).ToString();
        Assert.StartsWith("<!DOCTYPE html>\n<html", text, StringComparison.Ordinal);
        var page = Parse(Page(Nasty));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "link" or "img" or "iframe" or "object" or "image" or "use" or "a");
        Assert.DoesNotContain(
            page.Descendants().Attributes(),
            a => a.Name.LocalName is "src" or "href" or "style" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        string style = page.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        // The only address is the name space of SVG.
        Assert.DoesNotContain("http", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void It_follows_light_and_dark()
    {
        string style = Parse(Page("x")).Descendants("style").Single().Value;
        Assert.Contains("prefers-color-scheme: dark", style, StringComparison.Ordinal);
        for (int color = 0; color < HtmlReport.Colors; color++)
        {
            Assert.Contains($".line.s{color} ", style, StringComparison.Ordinal);
            Assert.Contains($".fill.s{color} ", style, StringComparison.Ordinal);
            Assert.Equal(2, style.Split($"--c{color}:").Length - 1);
        }
    }

    [Fact]
    public void An_empty_cell_is_no_open_element_and_numbers_stand_right()
    {
        var report = new HtmlReport("t");
        report.AddTable(new ReportTable(["name", "value"], [["a", "1.5"], ["b", ""]]));
        Assert.DoesNotContain("/>", report.ToString().Split("<body>")[1], StringComparison.Ordinal);
        var cells = Parse(report).Descendants("td").ToList();
        Assert.Equal([null, "number", null, "number"], cells.Select(c => c.Attribute("class")?.Value));
    }

    private static HtmlReport Page(string name)
    {
        var report = new HtmlReport(name);
        report.AddHeading(name);
        report.AddText(name);
        report.AddTable(new ReportTable([name, "n"], [[name, "1"]]));
        ChartSeries[] series = [new(name, [new(1, 2), new(2, 3)]), new("other", [new(1, 1), new(2, 5)])];
        report.AddChart(new LineChart
        {
            Title = name,
            XLabel = name,
            YLabel = name,
            Series = series,
            Bands = [new(1, 2, name)],
            Markers = [new(1.5, MarkerKind.Drift, name)],
        });
        report.AddChart(new StackedArea { Title = name, XLabel = name, YLabel = name, Series = series });
        return report;
    }

    private static XDocument Parse(HtmlReport report) => XDocument.Parse(report.ToString().Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
}
