using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Holdfast.Integration.Tests;

/// <summary>Requests that no client library would make: octets over TLS for HTTP/1.1, and curl for several lines of a field over HTTP/2.</summary>
internal static class ProxyRaw
{
    /// <summary>Generous: it only bounds a proxy that never answers.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Sends these lines, without their ends, over a connection of its own.</summary>
    public static async Task<ProxyAnswer> SendAsync(ProxyGround ground, ProxyProcess proxy, X509Certificate2? certificate, params string[] lines)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port, limit.Token);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(ground.Connections.ClientOptions(certificate, ProxyTransport.Default), limit.Token);
        await tls.WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", [.. lines, "Connection: close", "", ""])), limit.Token);
        var answer = new MemoryStream();
        try
        {
            await tls.CopyToAsync(answer, limit.Token);
        }
        catch (IOException)
        {
            // Some close without saying so; what was answered before counts.
        }
        return Parse(Encoding.Latin1.GetString(answer.ToArray()));
    }

    /// <summary>Several lines of any field over HTTP/2, with the honest client's certificate.</summary>
    public static async Task<ProxyAnswer> SendOverHttp2Async(ProxyGround ground, ProxyProcess proxy, string path, params string[] fields)
    {
        string[] arguments =
        [
            "--silent", "--show-error", "--include", "--http2", "--path-as-is", "--cacert", ground.Certificates.AuthorityFile, "--cert", ground.Certificates.AliceFile,
            .. fields.SelectMany(field => new[] { "--header", field }), $"https://localhost:{proxy.Port}{path}",
        ];
        (int code, string output, string error) = await ProcessRun.ToEndAsync("curl", arguments);
        code.ShouldBe(0, error);
        return Parse(output);
    }

    private static ProxyAnswer Parse(string text)
    {
        string[] parts = text.Split("\r\n\r\n", 2);
        string[] head = parts[0].Split("\r\n");
        if (!head[0].StartsWith("HTTP/", StringComparison.Ordinal))
            return new(0, [], text);
        (string Name, string Value)[] fields = [.. head.Skip(1).Select(line => line.Split(':', 2)).Select(pair => (pair[0], pair[1].Trim()))];
        bool isChunked = fields.Any(field => field.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        string body = parts.ElementAtOrDefault(1) ?? "";
        return new(int.Parse(head[0].Split(' ')[1]), fields, isChunked && head[0].StartsWith("HTTP/1", StringComparison.Ordinal) ? Join(body) : body);
    }

    // RFC 9112 §7.1.
    private static string Join(string chunks)
    {
        var body = new StringBuilder();
        while (chunks.Split("\r\n", 2) is [var size, var rest] && Convert.ToInt32(size, 16) is > 0 and var length)
        {
            body.Append(rest, 0, length);
            chunks = rest[(length + 2)..];
        }
        return body.ToString();
    }
}
