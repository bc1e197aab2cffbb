using System.Globalization;
using System.Text;

namespace Holdfast.Bench;

/// <summary>One line of a plot: its name, and points of x and y.</summary>
internal sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points);

/// <summary>
/// Writes a line plot as SVG. The x axis is logarithmic where its values span more than a factor of twenty; the y axis starts at zero. Colours follow
/// the reader's light or dark mode.
/// </summary>
internal static class Plot
{
    private const int Width = 640, Height = 360, Left = 70, Right = 20, Top = 56, Bottom = 52;
    private static readonly string[] Colours = ["#2f6fbf", "#c8641b", "#2e8b57", "#9b3fa5"];

    public static void Write(string path, string title, string xLabel, string yLabel, params IReadOnlyList<Series> series)
    {
        double[] xs = [.. series.SelectMany(line => line.Points).Select(point => point.X).Distinct().Order()];
        bool isLogarithmic = xs[0] > 0 && xs[^1] / xs[0] > 20;
        double first = Scale(xs[0], isLogarithmic), last = Scale(xs[^1], isLogarithmic), step = Step(series.Max(line => line.Points.Max(point => point.Y)));
        double top = step * Math.Ceiling(series.Max(line => line.Points.Max(point => point.Y)) / step);
        double X(double x) => Left + ((Width - Left - Right) * (last > first ? (Scale(x, isLogarithmic) - first) / (last - first) : 0.5));
        double Y(double y) => Height - Bottom - ((Height - Top - Bottom) * y / top);

        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="12" role="img">""")
            .AppendLine(CultureInfo.InvariantCulture, $"<title>{Escape(title)}</title>")
            .AppendLine("<style>text{fill:#24292f}.t{font-size:14px;font-weight:600}.g{stroke:#8884;stroke-width:1}.a{stroke:#888}@media(prefers-color-scheme:dark){text{fill:#d7dde4}}</style>");
        Text(svg, Left, 20, "start", title, "t");
        for (int i = 0; i < series.Count; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Left + (i * 190)}" y="32" width="12" height="3" fill="{Colours[i % Colours.Length]}"/>""");
            Text(svg, Left + 18 + (i * 190), 38, "start", series[i].Name);
        }
        for (double y = 0; y <= top * 1.001; y += step)
        {
            Line(svg, "g", Left, Y(y), Width - Right, Y(y));
            Text(svg, Left - 8, Y(y) + 4, "end", Number(y));
        }
        Line(svg, "a", Left, Height - Bottom, Width - Right, Height - Bottom);
        foreach (double x in xs)
        {
            Line(svg, "a", X(x), Height - Bottom, X(x), Height - Bottom + 5);
            Text(svg, X(x), Height - Bottom + 18, "middle", Number(x));
        }
        Text(svg, (Left + Width - Right) / 2.0, Height - 10, "middle", xLabel);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text transform="rotate(-90)" x="{-(Top + Height - Bottom) / 2}" y="16" text-anchor="middle">{Escape(yLabel)}</text>""");
        for (int i = 0; i < series.Count; i++)
            Curve(svg, Colours[i % Colours.Length], [.. series[i].Points.OrderBy(point => point.X).Select(point => (X(point.X), Y(point.Y)))]);
        File.WriteAllText(path, svg.AppendLine("</svg>").ToString());
    }

    private static double Scale(double x, bool isLogarithmic) => isLogarithmic ? Math.Log10(x) : x;

    // About five lines, at 1, 2 or 5 times a power of ten.
    private static double Step(double most)
    {
        double rough = Math.Max(most, 1e-9) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }

    private static string Number(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    private static void Line(StringBuilder svg, string kind, double x1, double y1, double x2, double y2) =>
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="{kind}" x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}"/>""");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text, string kind = "") =>
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text class="{kind}" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{Escape(text)}</text>""");

    private static void Curve(StringBuilder svg, string colour, (double X, double Y)[] points)
    {
        string path = string.Join(' ', points.Select(point => FormattableString.Invariant($"{point.X:0.#},{point.Y:0.#}")));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>""");
        foreach ((double x, double y) in points)
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{x:0.#}" cy="{y:0.#}" r="3" fill="{colour}"/>""");
    }

    private static string Escape(string text) => System.Net.WebUtility.HtmlEncode(text);
}
