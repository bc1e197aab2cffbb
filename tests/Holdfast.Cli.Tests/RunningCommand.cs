using System.Text;
using System.Threading.Channels;

namespace Holdfast.Cli.Tests;

/// <summary>A command that runs until it is stopped, in this process, with its output line by line.</summary>
internal sealed class RunningCommand : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly LineWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly Task<int> _run;

    public RunningCommand(string folder, params string[] args) =>
        _run = Task.Run(() => CommandShell.RunAsync(args, CliRun.Console(folder, _out, TextWriter.Synchronized(_error)), _stop.Token));

    public string Error => _error.ToString();

    public async Task<string> LineAsync()
    {
        Task<string> line = _out.Lines.Reader.ReadAsync().AsTask();
        await Task.WhenAny(line, _run, Task.Delay(Limit));
        return line.IsCompletedSuccessfully ? await line : throw new InvalidOperationException($"no line of output; {Error}");
    }

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _run.WaitAsync(Limit);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _run.WaitAsync(Limit).GetAwaiter().GetResult();
        _stop.Dispose();
        _out.Dispose();
        _error.Dispose();
    }

    private sealed class LineWriter : TextWriter
    {
        private readonly StringBuilder _line = new();

        public Channel<string> Lines { get; } = Channel.CreateUnbounded<string>();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value == '\n')
            {
                Lines.Writer.TryWrite(_line.ToString());
                _line.Clear();
            }
            else if (value != '\r')
            {
                _line.Append(value);
            }
        }
    }
}
