using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using Holdfast.Cli.Client;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Commands;

/// <summary><c>holdfast call</c>: like curl, with a token and what proves possession of it on every request.</summary>
internal static class CallCommand
{
    private const int MaxBody = 16 * 1024 * 1024;

    public static Command Create(CliConsole console)
    {
        var target = new ClientTargetOptions();
        var method = new Argument<string>("METHOD") { Description = "GET, POST and so on." }.WithoutOptions();
        var url = new Argument<string>("URL") { Description = "Absolute, or a path of the resource." }.WithoutOptions();
        var data = new Option<string?>("--data", "-d") { Description = "Body; @FILE reads it from a file, @- from standard input. JSON unless a header says otherwise.", HelpName = "BODY|@FILE" };
        var header = new Option<string[]>("--header", "-H") { Description = "Header field 'Name: value'; may be given several times.", HelpName = "N: V", DefaultValueFactory = _ => [] };
        var include = new Option<bool>("--include", "-i") { Description = "Print status and header fields too." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("call", "Calls a protected API with a token and what proves possession of it: proof, certificate or both.") { method, url, data, header, include, json };
        target.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ClientTarget client = target.Resolve(parsed, console);
            // The body may come from somebody who types it.
            CallRequest request = await Task.Run(() => CallRequest.Read(parsed.GetRequiredValue(method), parsed.GetRequiredValue(url),
                parsed.GetValue(data), parsed.GetRequiredValue(header), client, console), cancellationToken).WaitAsync(cancellationToken);
            return await RunAsync(request, client, console, parsed.GetValue(include), parsed.GetValue(json), cancellationToken);
        });
        return command.WithExamples(
            ("holdfast call GET /orders", "the API of the 'holdfast up' that runs in this directory"),
            ("holdfast call POST /orders --data '{\"item\":\"rope\",\"quantity\":1}'", "with a body"),
            ("holdfast call GET /orders --scope orders:write --include", "with a token that does not permit it; exit code 1"),
            ("holdfast call GET /orders --mtls --binding both", "with a token that is bound to certificate and key"));
    }

    private static async Task<int> RunAsync(CallRequest call, ClientTarget target, CliConsole console, bool include, bool isJson, CancellationToken cancellationToken)
    {
        await using ClientSession session = ClientSession.Open(target, console);
        using HttpRequestMessage request = call.ToMessage();
        HttpResponseMessage response;
        try
        {
            response = await session.SendAsync(request, cancellationToken);
        }
        catch (TokenRefusedException refusal)
        {
            await console.Error.WriteLineAsync($"holdfast: {refusal.Message}");
            return ExitCodes.Failed;
        }
        using (response)
        {
            string body = await ReadAsync(response.Content, cancellationToken);
            CallRefusal refusal = CallRefusal.From(response, body);
            if (isJson)
                await console.Out.WriteLineAsync(CliJson.Write(Report(call, response, body, refusal), CliJson.Indented.CallReport));
            else
                await PrintAsync(response, body, include, console.Out);
            if (response.IsSuccessStatusCode)
                return ExitCodes.Ok;
            foreach (string line in refusal.Lines)
                await console.Error.WriteLineAsync(line);
            return ExitCodes.Failed;
        }
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        try
        {
            await content.LoadIntoBufferAsync(MaxBody, cancellationToken);
            return await content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or InvalidOperationException)
        {
            throw new CliException($"The answer cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }

    private static CallReport Report(CallRequest call, HttpResponseMessage response, string body, CallRefusal refusal) => new()
    {
        Method = call.Method,
        Url = call.Url.OriginalString,
        Status = (int)response.StatusCode,
        Headers = Fields(response).ToDictionary(field => field.Key, field => field.Value.ToArray(), StringComparer.OrdinalIgnoreCase),
        Body = body,
        Challenges = refusal.Challenges,
        Failure = refusal.Failure,
        Meaning = refusal.Meaning,
    };

    private static async Task PrintAsync(HttpResponseMessage response, string body, bool include, TextWriter output)
    {
        if (include)
        {
            await output.WriteLineAsync($"HTTP/{response.Version} {(int)response.StatusCode} {response.ReasonPhrase}");
            foreach ((string name, IEnumerable<string> values) in Fields(response))
            {
                foreach (string value in values)
                    await output.WriteLineAsync($"{name}: {value}");
            }
            await output.WriteLineAsync();
        }
        await output.WriteAsync(body);
        if (body.Length > 0 && !body.EndsWith('\n'))
            await output.WriteLineAsync();
    }

    private static IEnumerable<KeyValuePair<string, IEnumerable<string>>> Fields(HttpResponseMessage response) =>
        response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Select(field => KeyValuePair.Create(field.Key, (IEnumerable<string>)[.. field.Value]));
}
