using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Atlas.Evaluation.Reports;

/// <summary>
/// Series stacked on each other, such as the shares of a whole. All have their points at the same places; values below 0 and gaps count as 0.
/// </summary>
public sealed class StackedArea : Chart
{
    /// <inheritdoc/>
    private protected override double HighestValue =>
        Series.Count == 0 ? 0 : Enumerable.Range(0, Series.Max(s => s.Points.Count)).Select(at => Below(Series.Count, at)).DefaultIfEmpty(0).Max();

    /// <inheritdoc/>
    private protected override void AddSeries(XElement svg, ChartFrame frame)
    {
        for (int i = 0; i < Series.Count; i++)
        {
            var points = Series[i].Points;
            if (points.Count == 0) continue;
            var path = new StringBuilder();
            for (int at = 0; at < points.Count; at++)
                path.Append(CultureInfo.InvariantCulture, $"{(at == 0 ? 'M' : 'L')}{frame.X(points[at].X):F1} {frame.Y(Below(i + 1, at)):F1}");
            for (int at = points.Count - 1; at >= 0; at--)
                path.Append(CultureInfo.InvariantCulture, $"L{frame.X(points[at].X):F1} {frame.Y(Below(i, at)):F1}");
            svg.Add(Svg.Element("path", ("d", path.Append('Z').ToString()), ("class", ColorOf(i, "fill area"))).Titled(Series[i].Name));
            AddPoints(svg, frame, i);
        }
    }

    private void AddPoints(XElement svg, ChartFrame frame, int series)
    {
        var points = Series[series].Points;
        for (int at = 0; at < points.Count; at++)
        {
            if (Value(series, at) == 0) continue;
            var dot = Svg.Element("circle", ("cx", frame.X(points[at].X)), ("cy", frame.Y(Below(series + 1, at))), ("r", 2.0), ("class", ColorOf(series, "fill")));
            svg.Add(dot.Titled(points[at].Title ?? $"{Series[series].Name}: {Svg.Number(Value(series, at))}"));
        }
    }

    private double Below(int series, int at)
    {
        double sum = 0;
        for (int i = 0; i < series; i++) sum += Value(i, at);
        return sum;
    }

    private double Value(int series, int at) =>
        at < Series[series].Points.Count && Series[series].Points[at].Y is > 0 and var value && double.IsFinite(value) ? value : 0;
}
