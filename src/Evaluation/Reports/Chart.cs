using System.Xml.Linq;

namespace Atlas.Evaluation.Reports;

/// <summary>
/// A chart with a horizontal and a vertical axis that begins at 0, as an SVG element without script or reference to anything outside of it.
/// Colours come from the style sheet of <see cref="HtmlReport"/>, so that it follows light and dark.
/// </summary>
public abstract class Chart
{
    /// <summary>Width of the drawing, in the units of its coordinates.</summary>
    internal const double Width = 860;

    /// <summary>Height of the drawing.</summary>
    internal const double Height = 300;

    private const double Left = 64, Right = 12, Top = 46, Bottom = 46;
    private const int MostMarkersNamed = 200;

    /// <summary>What is shown.</summary>
    public required string Title { get; init; }

    /// <summary>The horizontal axis, unit included.</summary>
    public required string XLabel { get; init; }

    /// <summary>The vertical axis, unit included.</summary>
    public required string YLabel { get; init; }

    /// <summary>The series, in the order of their colours.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Stretches behind the series.</summary>
    public IReadOnlyList<ChartBand> Bands { get; init; } = [];

    /// <summary>Events.</summary>
    public IReadOnlyList<Marker> Markers { get; init; } = [];

    /// <summary>The chart.</summary>
    public XElement ToSvg()
    {
        var (low, high) = Range();
        double top = Highest();
        var frame = new ChartFrame(low, high, top, Left, Width - Right, Top, Height - Bottom);
        var svg = Svg.Element("svg", ("viewBox", $"0 0 {Width} {Height}"), ("role", "img"), ("aria-label", Title));
        svg.Add(Svg.Label(Title, Left, 16, "title"));
        AddBands(svg, frame);
        AddAxes(svg, frame);
        AddSeries(svg, frame);
        AddMarkers(svg, frame);
        AddLegend(svg);
        return svg;
    }

    /// <summary>Draws the series.</summary>
    private protected abstract void AddSeries(XElement svg, ChartFrame frame);

    /// <summary>The highest value that the vertical axis must show.</summary>
    private protected abstract double HighestValue { get; }

    private double Highest() => HighestValue is > 0 and var value && double.IsFinite(value) ? AxisTicks.RoundUp(value * 1.02) : 1;

    private (double Low, double High) Range()
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double x in Series.SelectMany(s => s.Points).Select(p => p.X).Concat(Bands.SelectMany(b => new[] { b.From, b.To })).Where(double.IsFinite))
            (low, high) = (Math.Min(low, x), Math.Max(high, x));
        return high > low ? (low, high) : double.IsFinite(low) ? (low - 0.5, low + 0.5) : (0, 1);
    }

    private void AddBands(XElement svg, ChartFrame frame)
    {
        for (int i = 0; i < Bands.Count; i++)
        {
            double from = frame.X(Bands[i].From), to = frame.X(Bands[i].To);
            svg.Add(Svg.Element(
                "rect", ("x", from), ("y", Top), ("width", Math.Max(0, to - from)), ("height", Height - Bottom - Top), ("class", i % 2 == 0 ? "band" : "band odd")));
            svg.Add(Svg.Label(Bands[i].Name, (from + to) / 2, Top - 4, "small", "middle"));
        }
    }

    private void AddAxes(XElement svg, ChartFrame frame)
    {
        foreach (double tick in AxisTicks.Between(0, frame.Highest, 5))
        {
            svg.Add(Svg.Element("line", ("x1", Left), ("x2", Width - Right), ("y1", frame.Y(tick)), ("y2", frame.Y(tick)), ("class", "grid")));
            svg.Add(Svg.Label(Svg.Number(tick), Left - 6, frame.Y(tick) + 4, "small", "end"));
        }
        foreach (double tick in AxisTicks.Between(frame.Low, frame.High, 10))
            svg.Add(Svg.Label(Svg.Number(tick), frame.X(tick), Height - Bottom + 16, "small", "middle"));
        svg.Add(Svg.Label(XLabel, (Left + Width - Right) / 2, Height - Bottom + 32, "label", "middle"));
        var label = Svg.Label(YLabel, 0, 0, "label", "middle");
        label.SetAttributeValue("transform", FormattableString.Invariant($"translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)"));
        svg.Add(label);
    }

    private void AddMarkers(XElement svg, ChartFrame frame)
    {
        foreach (var marker in Markers.Take(MostMarkersNamed))
        {
            double x = frame.X(marker.X), foot = Height - Bottom;
            string css = marker.Kind switch { MarkerKind.Published => "published", MarkerKind.RolledBack => "rolledback", _ => "drift" };
            var group = Svg.Element("g", ("class", "marker " + css));
            group.Add(Svg.Element("line", ("x1", x), ("x2", x), ("y1", Top), ("y2", foot)));
            group.Add(Sign(marker.Kind, x, foot));
            svg.Add(group.Titled(marker.Title));
        }
    }

    // Signs differ by shape too, not by colour alone.
    private static XElement Sign(MarkerKind kind, double x, double y) => kind switch
    {
        MarkerKind.Published => Svg.Element("path", ("d", FormattableString.Invariant($"M{x - 5:F1} {y:F1}L{x + 5:F1} {y:F1}L{x:F1} {y - 8:F1}Z"))),
        MarkerKind.RolledBack => Svg.Element("path", ("d", FormattableString.Invariant($"M{x - 5:F1} {y - 8:F1}L{x + 5:F1} {y - 8:F1}L{x:F1} {y:F1}Z"))),
        _ => Svg.Element("circle", ("cx", x), ("cy", y - 4), ("r", 4.0)),
    };

    private void AddLegend(XElement svg)
    {
        double x = Width - Right;
        for (int i = Series.Count - 1; i >= 0; i--)
        {
            string name = Series[i].Name;
            x -= 7.0 * name.Length + 22;
            svg.Add(Svg.Element("rect", ("x", x), ("y", 7.0), ("width", 11.0), ("height", 11.0), ("class", ColorOf(i, "fill"))));
            svg.Add(Svg.Label(name, x + 15, 16, "small"));
        }
    }

    /// <summary>The style sheet's name of a series' colour.</summary>
    /// <param name="series">Its place.</param>
    /// <param name="use"><c>line</c> or <c>fill</c>.</param>
    private protected string ColorOf(int series, string use) => $"{use} s{(Series[series].Color ?? series) % HtmlReport.Colors}";
}
