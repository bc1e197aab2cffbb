using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Cli.Client;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary>The request that <c>call</c> is asked to send, read from its arguments.</summary>
internal sealed record CallRequest(string Method, Uri Url, byte[]? Body, IReadOnlyList<(string Name, string Value)> Fields)
{
    private const int MaxBody = 16 * 1024 * 1024;

    // RFC 9110 §5.6.2: tchar.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Reads it; all problems together.</summary>
    public static CallRequest Read(string method, string url, string? data, string[] headers, ClientTarget target, CliConsole console)
    {
        List<string> problems = [];
        if (method.Length == 0 || method.AsSpan().ContainsAnyExcept(TokenCharacters))
            problems.Add($"METHOD '{method}' is not a method.");
        Uri? address = Resolve(url, target, problems);
        List<(string, string)> fields = [.. headers.Select(header => Field(header, problems)).OfType<(string, string)>()];
        byte[]? body = data is null ? null : ReadBody(data, console, problems);
        return problems.Count == 0 ? new CallRequest(method, address!, body, fields) : throw new CliException(problems);
    }

    /// <summary>The message to send.</summary>
    public HttpRequestMessage ToMessage()
    {
        var request = new HttpRequestMessage(new HttpMethod(Method), Url);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        foreach ((string name, string value) in Fields)
        {
            if (request.Content is { } content && name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
            else if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                throw new CliException($"--header '{name}' describes a body; give one with --data.");
            }
        }
        return request;
    }

    private static Uri? Resolve(string url, ClientTarget target, List<string> problems)
    {
        // A path is one of the resource; on Unix "/orders" alone would pass for the URL of a file.
        if (url.StartsWith('/'))
        {
            if (target.BaseUrl is { } resource && Uri.TryCreate(resource.TrimEnd('/') + url, UriKind.Absolute, out Uri? joined))
                return joined;
            problems.Add($"URL '{url}' is a path, and no resource is known; give --resource, or a whole URL.");
            return null;
        }
        if (Uri.TryCreate(url, UriKind.Absolute, out Uri? absolute) && absolute.Scheme is "http" or "https")
            return absolute;
        problems.Add($"URL '{url}' is neither an http or https URL nor a path that begins with '/'.");
        return null;
    }

    private static (string, string)? Field(string header, List<string> problems)
    {
        int colon = header.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? "" : header[..colon].Trim();
        if (name.Length > 0 && !name.AsSpan().ContainsAnyExceptInRange('!', '~') && !header.AsSpan().ContainsAny('\r', '\n', '\0'))
            return (name, header[(colon + 1)..].Trim());
        problems.Add($"--header '{header}' is not 'Name: value'.");
        return null;
    }

    private static byte[]? ReadBody(string data, CliConsole console, List<string> problems)
    {
        if (!data.StartsWith('@'))
            return Encoding.UTF8.GetBytes(data);
        try
        {
            using Stream input = data is "@-" ? console.OpenIn() : File.OpenRead(console.FullPath(data[1..]));
            return BoundedInput.Read(input, MaxBody) ?? throw new IOException($"it is longer than {MaxBody} bytes");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problems.Add($"--data '{data}' cannot be read: {failure.Message.TrimEnd('.')}.");
            return null;
        }
    }
}
