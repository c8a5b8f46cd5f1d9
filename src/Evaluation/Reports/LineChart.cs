using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Atlas.Evaluation.Reports;

/// <summary>Lines over a common horizontal axis, each point with its value for the pointer.</summary>
public sealed class LineChart : Chart
{
    /// <inheritdoc/>
    private protected override double HighestValue =>
        Series.SelectMany(s => s.Points).Select(p => p.Y).Where(double.IsFinite).DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    private protected override void AddSeries(XElement svg, ChartFrame frame)
    {
        for (int i = 0; i < Series.Count; i++)
        {
            if (Line(Series[i], frame) is { Length: > 0 } line) svg.Add(Svg.Element("path", ("d", line), ("class", ColorOf(i, "line"))));
            foreach (var point in Series[i].Points)
            {
                if (!double.IsFinite(point.Y)) continue;
                var dot = Svg.Element("circle", ("cx", frame.X(point.X)), ("cy", frame.Y(point.Y)), ("r", 2.5), ("class", ColorOf(i, "fill")));
                svg.Add(dot.Titled(point.Title ?? $"{Series[i].Name}: {Svg.Number(point.Y)}"));
            }
        }
    }

    private static string Line(ChartSeries series, ChartFrame frame)
    {
        var path = new StringBuilder();
        bool gap = true;
        foreach (var point in series.Points)
        {
            bool there = double.IsFinite(point.Y);
            if (there) path.Append(CultureInfo.InvariantCulture, $"{(gap ? 'M' : 'L')}{frame.X(point.X):F1} {frame.Y(point.Y):F1}");
            gap = !there;
        }
        return path.ToString();
    }
}
