using System.Text;

namespace Atlas.Evaluation.Reports;

/// <summary>Colours and style of charts: on a page they follow light and dark, in a file of their own they are those of light ground.</summary>
internal static class ChartStyle
{
    // Okabe and Ito's palette, which tells series apart for the colour-blind too; lighter ones on dark ground.
    private static readonly (string Name, string Light, string Dark)[] Colors =
    [
        ("ground", "#ffffff", "#14181d"), ("ink", "#1b1f24", "#e8ecf0"), ("dim", "#5b6570", "#9aa5b1"), ("grid", "#e3e7eb", "#2b323a"), ("band", "#f4f6f8", "#1b2128"),
        ("c0", "#767f88", "#9aa5b1"), ("c1", "#c76a00", "#f0a04b"), ("c2", "#0072b2", "#5bb4e5"), ("c3", "#a4437e", "#e08bbd"), ("c4", "#00875f", "#3fcf9f"),
        ("c5", "#7a5cc4", "#b39df0"), ("c6", "#a68a00", "#d9c23c"), ("c7", "#b5483a", "#f09a8c"),
        ("good", "#00875f", "#3fcf9f"), ("bad", "#c0392b", "#f08070"), ("note", "#b8860b", "#e6c04c"),
    ];

    private const string Rules = """
        svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
        svg text.title { font-weight: 600; font-size: 13px; } svg text.small { fill: var(--dim); font-size: 11px; } svg text.label { fill: var(--dim); }
        .grid { stroke: var(--grid); } .band { fill: var(--band); } .band.odd { fill: none; }
        .line { fill: none; stroke-width: 1.8; } .area { fill-opacity: .55; }
        .line.s0 { stroke: var(--c0); } .line.s1 { stroke: var(--c1); } .line.s2 { stroke: var(--c2); } .line.s3 { stroke: var(--c3); }
        .line.s4 { stroke: var(--c4); stroke-width: 2.6; } .line.s5 { stroke: var(--c5); } .line.s6 { stroke: var(--c6); } .line.s7 { stroke: var(--c7); }
        .fill.s0 { fill: var(--c0); } .fill.s1 { fill: var(--c1); } .fill.s2 { fill: var(--c2); } .fill.s3 { fill: var(--c3); }
        .fill.s4 { fill: var(--c4); } .fill.s5 { fill: var(--c5); } .fill.s6 { fill: var(--c6); } .fill.s7 { fill: var(--c7); }
        .marker line { stroke-dasharray: 3 3; stroke-opacity: .6; } .published line { stroke: var(--good); } .published path { fill: var(--good); }
        .rolledback line { stroke: var(--bad); } .rolledback path { fill: var(--bad); } .drift line { stroke: var(--note); } .drift circle { fill: var(--note); }
        """;

    /// <summary>For a page: the colours as variables that follow the reader's system, and the rules over them.</summary>
    public static string Following { get; } =
        $":root {{ color-scheme: light dark;{Variables(dark: false)} }}\n@media (prefers-color-scheme: dark) {{ :root {{{Variables(dark: true)} }} }}\n{Rules}";

    /// <summary>The rules with the colours of light ground in them: readers of a lone SVG file need not know variables.</summary>
    public static string Light { get; } = Colors.Aggregate(Rules, (rules, color) => rules.Replace($"var(--{color.Name})", color.Light, StringComparison.Ordinal));

    private static string Variables(bool dark) =>
        Colors.Aggregate(new StringBuilder(), (text, color) => text.Append($" --{color.Name}: {(dark ? color.Dark : color.Light)};")).ToString();
}
