using System.Globalization;

namespace Holdfast.Chaos;

/// <summary>The clock of a machine whose wall clock somebody sets: it is off by what a file says. The monotonic clock is left alone, as on a real machine.</summary>
internal sealed class MovableTimeProvider : TimeProvider
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(20);

    private readonly string _file;
    private long _offset;

    public MovableTimeProvider(string file)
    {
        _file = file;
        Read();
        new Thread(ReadForEver) { IsBackground = true, Name = "clock" }.Start();
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddMilliseconds(Volatile.Read(ref _offset));

    private void ReadForEver()
    {
        while (true)
        {
            Thread.Sleep(ReadEvery);
            Read();
        }
    }

    private void Read()
    {
        try
        {
            if (long.TryParse(File.ReadAllText(_file), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long offset))
                Volatile.Write(ref _offset, offset);
        }
        catch (IOException)
        {
            // Being written: the next reading tells.
        }
    }
}
