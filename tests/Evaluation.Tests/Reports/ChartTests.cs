using System.Globalization;
using System.Xml.Linq;
using Atlas.Evaluation.Reports;

namespace Atlas.Evaluation.Tests.Reports;

/// <summary>Where charts put things.</summary>
public sealed class ChartTests
{
    [Fact]
    public void Higher_values_are_further_up_and_later_ones_further_right()
    {
        var dots = Dots(Line(new ChartSeries("a", [new(0, 1), new(10, 2), new(20, 4)])));
        Assert.Equal(3, dots.Count);
        Assert.True(dots[0].X < dots[1].X && dots[1].X < dots[2].X);
        Assert.True(dots[0].Y > dots[1].Y && dots[1].Y > dots[2].Y);
        // The axis is linear: from 1 to 2 is half as far as from 2 to 4.
        Assert.Equal((dots[1].Y - dots[2].Y) / 2, dots[0].Y - dots[1].Y, 0.02);
    }

    [Fact]
    public void As_an_image_it_needs_nothing_else_and_has_a_white_ground()
    {
        using var directory = new TemporaryDirectory();
        var chart = new LineChart { Title = "Goodput, as measured", XLabel = "request", YLabel = "tokens/s", Series = [new("a", [new(0, 1), new(1, 2)]) { Color = 7 }] };
        string path = Assert.Single(ChartImages.Save(directory.File("new"), "burst-", [chart]));
        Assert.Equal(Path.Combine(directory.File("new"), "burst-goodput-as-measured.svg"), path);
        string text = File.ReadAllText(path);
        var svg = XDocument.Parse(text).Root!;
        string style = svg.Elements().First().Value;
        Assert.Equal(("style", "rect", "#ffffff"), (svg.Elements().First().Name.LocalName, svg.Elements().ElementAt(1).Name.LocalName, svg.Elements().ElementAt(1).Attribute("fill")!.Value));
        Assert.DoesNotContain("var(", style, StringComparison.Ordinal);
        // Every class that is drawn with has a rule.
        foreach (string css in svg.Descendants().Attributes("class").SelectMany(a => a.Value.Split(' ')).Distinct()) Assert.Contains("." + css, style, StringComparison.Ordinal);
        Assert.Contains("stroke: #b5483a", style, StringComparison.Ordinal);
        Assert.DoesNotContain("http", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(double.Parse(svg.Attribute("width")!.Value, CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public void A_gap_breaks_the_line_and_has_no_dot()
    {
        var svg = Line(new ChartSeries("a", [new(0, 1), new(1, double.NaN), new(2, 1), new(3, 1)]));
        Assert.Equal(3, Dots(svg).Count);
        string path = svg.Elements().Single(e => e.Name.LocalName == "path").Attribute("d")!.Value;
        Assert.Equal(2, path.Count(c => c == 'M'));
    }

    [Fact]
    public void Axes_have_ticks_labels_and_units()
    {
        var svg = Line(new ChartSeries("a", [new(0, 1), new(10, 95)]));
        var texts = svg.Elements().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        foreach (string text in (string[])["Goodput", "request", "tokens/s", "a", "0", "20", "100", "10"]) Assert.Contains(text, texts);
    }

    [Fact]
    public void Every_point_and_marker_says_what_it_is()
    {
        var chart = new LineChart
        {
            Title = "t",
            XLabel = "x",
            YLabel = "y",
            Series = [new("a", [new(0, 1), new(1, 2, "mine")])],
            Markers = [new(0.5, MarkerKind.Published, "version 1"), new(0.6, MarkerKind.RolledBack, "back"), new(0.7, MarkerKind.Drift, "drift")],
        };
        var titles = chart.ToSvg().Descendants().Where(e => e.Name.LocalName == "title").Select(e => e.Value).ToList();
        Assert.Equal(["a: 1", "mine", "version 1", "back", "drift"], titles);
    }

    [Fact]
    public void Areas_are_stacked_in_their_order()
    {
        var chart = new StackedArea
        {
            Title = "t",
            XLabel = "x",
            YLabel = "%",
            Series = [new("a", [new(0, 30), new(1, 20)]), new("b", [new(0, 50), new(1, double.NaN)])],
        };
        var dots = Dots(chart.ToSvg());
        // a at 30 and 20, b on top of it at 80; the gap has no dot.
        Assert.Equal(3, dots.Count);
        Assert.True(dots[2].Y < dots[0].Y && dots[0].Y < dots[1].Y);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Nothing_or_a_single_point_is_still_a_chart(int points)
    {
        ChartSeries[] series = points == 0 ? [] : [new("a", [new(3, 0)])];
        foreach (Chart chart in (Chart[])[new LineChart { Title = "t", XLabel = "x", YLabel = "y", Series = series }, new StackedArea { Title = "t", XLabel = "x", YLabel = "y", Series = series }])
            Assert.DoesNotContain("NaN", chart.ToSvg().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_keeps_the_colour_it_was_given()
    {
        var svg = Line(new ChartSeries("a", [new(0, 1), new(1, 1)]) { Color = 3 });
        Assert.Equal("line s3", svg.Elements().Single(e => e.Name.LocalName == "path").Attribute("class")!.Value);
    }

    private static XElement Line(params ChartSeries[] series) =>
        new LineChart { Title = "Goodput", XLabel = "request", YLabel = "tokens/s", Series = series }.ToSvg();

    private static List<(double X, double Y)> Dots(XElement svg) =>
        [.. svg.Elements().Where(e => e.Name.LocalName == "circle").Select(e => (Number(e, "cx"), Number(e, "cy")))];

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
