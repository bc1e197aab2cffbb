using System.Text;

namespace Holdfast.Guard.Tests;

/// <summary>An answer as it stood on the wire.</summary>
public sealed class GuardAnswer(string text)
{
    private readonly string[] _head = text.Split("\r\n\r\n", 2)[0].Split("\r\n");

    public int Status => int.Parse(_head[0].Split(' ')[1]);

    /// <summary>The status that the client should see.</summary>
    public int Meant => int.Parse(Lines("Holdfast-Status").ShouldHaveSingleItem());

    /// <summary>The name of the failure, or null.</summary>
    public string? Failure => Lines("Holdfast-Failure").SingleOrDefault();

    public string Context => Lines("Holdfast-Context").ShouldHaveSingleItem();

    public string[] Challenges => Lines("WWW-Authenticate");

    public string? Nonce => Lines("DPoP-Nonce").SingleOrDefault();

    public string Body => text.Split("\r\n\r\n", 2)[1];

    public string[] Lines(string name) => [.. _head.Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];

    public override string ToString() => text;

    /// <summary>Sends octets that no HTTP client would, and reads to the end.</summary>
    public static async Task<GuardAnswer> ToAsync(Stream stream, string requestLine, IEnumerable<string> lines)
    {
        string request = requestLine + "\r\n" + string.Concat(lines.Select(line => line + "\r\n")) + "Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        var received = new StringBuilder();
        var buffer = new byte[16 * 1024];
        // To the end of the answer and not of the connection, which may wait for a body that never comes.
        while (!IsWhole(received.ToString()))
        {
            int count = await stream.ReadAsync(buffer);
            if (count == 0)
                break;
            received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        return new GuardAnswer(received.ToString());
    }

    private static bool IsWhole(string text)
    {
        string[] parts = text.Split("\r\n\r\n", 2);
        return parts.Length == 2 && new GuardAnswer(text).Lines("Content-Length") is [var length] && parts[1].Length >= int.Parse(length);
    }
}
