using System.Text.Json;

namespace Holdfast.Integration.Tests;

/// <summary>curl, as a person would call it from the lines that <c>up</c> prints.</summary>
internal sealed class Curl(Up up, params string[] protocol)
{
    /// <summary>The client's certificate.</summary>
    public string[] Client => ["--cert", up.MtlsCertificatePem, "--key", up.MtlsKeyPem];

    /// <summary>The certificate that somebody else has of the same authority.</summary>
    public string[] Neighbour => ["--cert", Path.Combine(up.Directory, "mtls-neighbour.pem"), "--key", Path.Combine(up.Directory, "mtls-neighbour-key.pem")];

    /// <summary>The status and the body of an answer.</summary>
    public async Task<(int Status, JsonElement Body)> RunAsync(string url, params string[] arguments)
    {
        (int code, string output, string error) = await ProcessRun.ToEndAsync("curl",
            ["--silent", "--show-error", "--noproxy", "*", "--cacert", up.CaPem, "--write-out", "\n%{http_code}", .. protocol, .. arguments, url]);
        code.ShouldBe(0, error);
        int end = output.LastIndexOf('\n');
        string body = output[..end];
        return (int.Parse(output.AsSpan(end + 1)), body.Length == 0 ? default : JsonDocument.Parse(body).RootElement);
    }

    /// <summary>The client's token request.</summary>
    public Task<(int Status, JsonElement Body)> RequestTokenAsync(string endpoint, params string[] arguments) =>
        RunAsync(endpoint, ["-d", "grant_type=client_credentials", "-d", $"client_id={up.MtlsClientId}", .. arguments]);

    /// <summary>The protected call.</summary>
    public async Task<int> CallAsync(string url, string token, params string[] arguments) =>
        (await RunAsync(url, ["-H", $"Authorization: Bearer {token}", "--output", "/dev/null", .. arguments])).Status;
}
