using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Cli.Client;
using Holdfast.Cli.Commands;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Admin;

/// <summary>Speaks with the admin API, by a token that is bound to a key or certificate of this machine.</summary>
internal sealed class AdminSession(ClientSession session, ClientTarget target) : IAsyncDisposable
{
    private const int MaxAnswer = 64 * 1024 * 1024;

    /// <summary>The scope that changes need.</summary>
    public const string ChangeScope = "holdfast.admin";

    /// <summary>A session; for reads with whatever the administrator has, for changes with the scope they need.</summary>
    public static AdminSession Open(ClientTarget target, CliConsole console, bool isChange)
    {
        ClientTarget scoped = isChange ? target with { Scope = ChangeScope } : target;
        return new AdminSession(ClientSession.Open(scoped, console), scoped);
    }

    /// <summary>One request. What the API refuses is an <see cref="AdminRefusedException"/>.</summary>
    public async Task<AdminAnswer> SendAsync(HttpMethod method, string path, IEnumerable<(string Name, string? Value)> query, CancellationToken cancellationToken,
        JsonNode? body = null, string? ifMatch = null, string? ifNoneMatch = null)
    {
        string parameters = string.Join('&', query.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        using var request = new HttpRequestMessage(method, new Uri($"{target.BaseUrl!.TrimEnd('/')}{path}{(parameters.Length == 0 ? "" : "?" + parameters)}"));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), new MediaTypeHeaderValue("application/json", "utf-8"));
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        if (ifNoneMatch is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        using HttpResponseMessage response = await session.SendAsync(request, cancellationToken);
        string text;
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswer, cancellationToken);
            text = await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException)
        {
            throw new CliException($"The answer cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
        JsonObject? content = Parse(text);
        if (!response.IsSuccessStatusCode)
            throw new AdminRefusedException(response.StatusCode, Lines(response, text, content), Texts(content));
        return content is null
            ? throw new CliException($"{target.BaseUrl} answers, and not as an admin API does; name it with --admin.")
            : new AdminAnswer(content, response.Headers.ETag?.Tag);
    }

    /// <summary>All items of a list, page by page.</summary>
    public async Task<List<JsonNode>> ListAsync(string path, string member, string cursor, IEnumerable<(string Name, string? Value)> query, int most, CancellationToken cancellationToken)
    {
        List<JsonNode> items = [];
        string? after = null;
        do
        {
            AdminAnswer page = await SendAsync(HttpMethod.Get, path, [.. query, (cursor, after)], cancellationToken);
            items.AddRange(page.Body[member]!.AsArray().Select(item => item!.DeepClone()));
            after = page.Body["next"]?.ToString();
        }
        while (after is not null && items.Count < most);
        return items.Count <= most ? items : items[..most];
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => session.DisposeAsync();

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string[] Texts(JsonObject? content) =>
        content?["problems"] is JsonArray problems ? [.. problems.Select(problem => problem?.ToString() ?? "")] : [];

    private IEnumerable<string> Lines(HttpResponseMessage response, string text, JsonObject? content)
    {
        if (content?["detail"]?.ToString() is { } detail)
            return [$"holdfast: {detail}", .. Texts(content).Select(problem => $"  {problem}")];
        if (response.StatusCode == HttpStatusCode.NotFound)
            return [$"holdfast: there is no admin API at {target.BaseUrl}; name it with --admin."];
        if (response.StatusCode == HttpStatusCode.Forbidden)
            return [$"holdfast: '{target.ClientId}' is not permitted to do this; it needs the scope {ChangeScope}, or holdfast.admin.read to look."];
        return CallRefusal.From(response, text).Lines;
    }
}

/// <summary>What the admin API answered.</summary>
internal sealed record AdminAnswer(JsonObject Body, string? ETag);

/// <summary>The admin API refused: an answer, so the exit code is 1.</summary>
internal sealed class AdminRefusedException(HttpStatusCode status, IEnumerable<string> lines, IReadOnlyList<string> problems) : Exception(string.Join('\n', lines))
{
    /// <summary>The status.</summary>
    public HttpStatusCode Status => status;

    /// <summary>For a person.</summary>
    public IReadOnlyList<string> Lines { get; } = [.. lines];

    /// <summary>The problems, one sentence each.</summary>
    public IReadOnlyList<string> Problems => problems;
}
