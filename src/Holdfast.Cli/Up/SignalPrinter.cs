using System.Globalization;
using System.Threading.Channels;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Up;

/// <summary>Prints signals as they happen, away from the requests that caused them: a terminal that stands still must not stop a server.</summary>
internal sealed class SignalPrinter(TextWriter output, bool asJson, bool isVerbose, bool isColored = false) : IAsyncDisposable
{
    private const int MaxWaiting = 1000;
    private const int MaxText = 60;

    private readonly Channel<SignalLine> _lines = Channel.CreateBounded<SignalLine>(
        new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private Task _printing = Task.CompletedTask;

    /// <summary>Begins to print, what came earlier first.</summary>
    public void Start() => _printing = PrintAsync();

    /// <summary>Queues a line; a flood loses its oldest lines here, and none in the file.</summary>
    public void Print(SignalLine line) => _lines.Writer.TryWrite(line);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _printing;
    }

    /// <summary>One readable line.</summary>
    public static string Describe(SignalLine line)
    {
        string told = line.Accepted ? "let through (observe)" : $"answered {line.Status} {line.WireError}".TrimEnd();
        string detail = (line.Expected, line.Seen) switch
        {
            (null, null) => "",
            ({ } expected, null) => $"; expected {Shorten(expected)}",
            (null, { } seen) => $"; seen {Shorten(seen)}",
            ({ } expected, { } seen) => $"; expected {Shorten(expected)}, seen {Shorten(seen)}",
        };
        string time = line.Time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return $"{time}  {line.Severity,-16} {line.Failure}  {line.ClientId ?? "unknown client"}  {line.Role} {line.Method} {line.Path}: {told}{detail}";
    }

    private async Task PrintAsync()
    {
        string expected = SignalLine.NameOf(FailureSeverity.Expected);
        await foreach (SignalLine line in _lines.Reader.ReadAllAsync())
        {
            if (!isVerbose && string.Equals(line.Severity, expected, StringComparison.Ordinal))
                continue;
            try
            {
                await output.WriteLineAsync(asJson ? CliJson.Write(line, CliJson.Line.SignalLine) : Paint(Describe(line), line.Severity));
                await output.FlushAsync();
            }
            catch (IOException)
            {
                // Nobody reads any more; the file goes on.
            }
        }
    }

    private string Paint(string text, string severity) => !isColored ? text : severity switch
    {
        "theft" => $"\e[1;31m{text}\e[0m",
        "suspicious" => $"\e[31m{text}\e[0m",
        "clock" or "misconfiguration" => $"\e[33m{text}\e[0m",
        _ => $"\e[2m{text}\e[0m",
    };

    private static string Shorten(string text) => text.Length <= MaxText ? text : string.Concat(text.AsSpan(0, MaxText), "...");
}
