namespace Holdfast.Testing;

/// <summary>Ends this process with the one that started it: its input is a pipe that closes then.</summary>
public static class ParentWatch
{
    /// <summary>Begins to watch; to be called once, first of all.</summary>
    public static void Start() => new Thread(static () =>
    {
        using Stream input = Console.OpenStandardInput();
        Span<byte> nothing = stackalloc byte[1];
        while (input.Read(nothing) > 0) { }
        Environment.Exit(1);
    })
    { IsBackground = true, Name = "parent" }.Start();
}
