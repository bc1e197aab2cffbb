namespace Holdfast.Chaos;

/// <summary>Ends this process with the one that started it: its input is a pipe that closes then.</summary>
internal static class ParentWatch
{
    public static void Start() => new Thread(static () =>
    {
        using Stream input = Console.OpenStandardInput();
        Span<byte> nothing = stackalloc byte[1];
        while (input.Read(nothing) > 0) { }
        Environment.Exit(1);
    })
    { IsBackground = true, Name = "parent" }.Start();
}
