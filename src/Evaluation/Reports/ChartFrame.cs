namespace Atlas.Evaluation.Reports;

/// <summary>From values to places within the axes of a chart.</summary>
/// <param name="Low">Lowest value of the horizontal axis.</param>
/// <param name="High">Its highest.</param>
/// <param name="Highest">Highest value of the vertical axis, which begins at 0.</param>
/// <param name="Left">Place of <paramref name="Low"/>.</param>
/// <param name="Right">Place of <paramref name="High"/>.</param>
/// <param name="Top">Place of <paramref name="Highest"/>.</param>
/// <param name="Bottom">Place of 0.</param>
internal readonly record struct ChartFrame(double Low, double High, double Highest, double Left, double Right, double Top, double Bottom)
{
    public double X(double value) => Left + (value - Low) / (High - Low) * (Right - Left);

    public double Y(double value) => Bottom - Math.Clamp(value / Highest, 0, 1) * (Bottom - Top);
}
