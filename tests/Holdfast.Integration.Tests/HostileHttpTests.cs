using System.Net;
using System.Text;

namespace Holdfast.Integration.Tests;

/// <summary>What no client would send. Each must be refused by name, without a server error, in bounded memory, and the servers go on serving.</summary>
public sealed class HostileHttpTests(UpFixture fixture) : IClassFixture<UpFixture>
{
    private const long MemoryLimit = 512L * 1024 * 1024;

    private Uri Api => new(fixture.Up.Resource);

    private Uri Issuer => new(fixture.Up.Issuer);

    // {token} is a genuine token, so that the fields beside it are what is refused. The error is null where the HTTP server itself refuses.
    public static TheoryData<string, string, int, string?> Fields => new()
    {
        { "a proof past the limit", $"Authorization: DPoP {{token}}\r\nDPoP: {new string('a', 9000)}\r\n", 401, "invalid_dpop_proof" },
        { "a token past the limit", $"Authorization: DPoP {new string('a', 17000)}\r\nDPoP: a.b.c\r\n", 401, "invalid_token" },
        { "fields past the server's limit", $"Authorization: DPoP {new string('a', 60000)}\r\n", 431, null },
        { "thousands of fields", string.Concat(Enumerable.Range(0, 2000).Select(i => $"X-{i}: y\r\n")), 431, null },
        { "two Authorization lines", "Authorization: DPoP {token}\r\nAuthorization: Bearer {token}\r\nDPoP: a.b.c\r\n", 400, "invalid_request" },
        { "two DPoP lines", "Authorization: DPoP {token}\r\nDPoP: a.b.c\r\nDPoP: a.b.c\r\n", 401, "invalid_dpop_proof" },
        { "an empty DPoP line", "Authorization: DPoP {token}\r\nDPoP:\r\n", 401, "invalid_dpop_proof" },
        { "an empty Authorization line", "Authorization:\r\nDPoP: a.b.c\r\n", 400, "invalid_request" },
        { "octets that are no UTF-8", "Authorization: DPoP {token}\r\nDPoP: \u00ff\u00fe\u00c0\u0080.b.c\r\n", 400, null },
        { "UTF-8 that is no base64url", "Authorization: DPoP {token}\r\nDPoP: \u00c3\u00a4.b.c\r\n", 401, "invalid_dpop_proof" },
        { "a null octet", "Authorization: DPoP a\0bc\r\nDPoP: a.b.c\r\n", 400, null },
        { "deep JSON in the proof", $"Authorization: DPoP {{token}}\r\nDPoP: {Jwt(Deep(900))}\r\n", 401, "invalid_dpop_proof" },
        { "deep JSON in the token", $"Authorization: DPoP {Jwt(Deep(1800))}\r\nDPoP: a.b.c\r\n", 401, "invalid_token" },
        { "a line that is no field", "Authorization DPoP abc\r\n", 400, null },
    };

    // DPOP-RS-07, DPOP-RS-13, DPOP-V-01, DPOP-V-02, DPOP-V-33
    [Theory, MemberData(nameof(Fields))]
    public async Task The_api_refuses(string what, string fields, int status, string? error)
    {
        using var caller = new Caller(fixture.Up);
        string sent = fields.Replace("{token}", await caller.TokenAsync(), StringComparison.Ordinal);

        (int seen, string answer) = await RawConnection.SendAsync(Api, Encoding.Latin1.GetBytes($"GET /orders HTTP/1.1\r\nHost: {Api.Authority}\r\n{sent}Connection: close\r\n\r\n"));

        seen.ShouldBe(status, $"{what}\n{answer}");
        answer.ShouldNotContain("Exception");
        if (error is not null)
            answer.ShouldContain($"WWW-Authenticate: DPoP error=\"{error}\"");
        await ShouldStillServeAsync();
    }

    public static TheoryData<string, string, string, int[]> Bodies => new()
    {
        { "no body", "", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n", [400] },
        { "a megabyte", new string('a', 1024 * 1024), "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1048576\r\n", [400, 413] },
        { "JSON", "{}", "Content-Type: application/json\r\nContent-Length: 2\r\n", [400, 415] },
        { "a parameter twice", "grant_type=client_credentials&grant_type=client_credentials", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 59\r\n", [400] },
        { "no UTF-8", "grant_type=%ff%fe", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 17\r\n", [400] },
        { "a wrong escape", "grant_type=%zz%", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 15\r\n", [400] },
        { "two lengths", "a=b", "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\nContent-Length: 4\r\n", [400] },
        { "thousands of parameters", string.Concat(Enumerable.Repeat("a=b&", 2000)), "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8000\r\n", [400, 413] },
        { "chunks that are none", "zzz\r\n", "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n", [400] },
    };

    // DPOP-AS-03
    [Theory, MemberData(nameof(Bodies))]
    public async Task The_token_endpoint_refuses(string what, string body, string fields, int[] statuses)
    {
        (int status, string answer) = await RawConnection.SendAsync(Issuer, Encoding.Latin1.GetBytes($"POST /token HTTP/1.1\r\nHost: {Issuer.Authority}\r\n{fields}Connection: close\r\n\r\n{body}"));

        statuses.ShouldContain(status, $"{what}\n{answer}");
        answer.ShouldNotContain("Exception");
        await ShouldStillServeAsync();
    }

    [Theory]
    [InlineData("GET /orders HT")]
    [InlineData("GET /orders HTTP/1.1\r\nHost: localho")]
    [InlineData("POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\ngrant_type=cl")]
    public async Task A_request_that_ends_too_early_harms_nobody(string request)
    {
        foreach (Uri server in new[] { Api, Issuer })
        {
            (int status, string answer) = await RawConnection.SendAsync(server, Encoding.Latin1.GetBytes(request), halfClose: true);
            status.ShouldBeLessThan(500, answer);
        }
        await ShouldStillServeAsync();
    }

    [Fact]
    public async Task A_flood_of_garbage_leaves_memory_bounded()
    {
        byte[] request = Encoding.Latin1.GetBytes($"GET /orders HTTP/1.1\r\nHost: {Api.Authority}\r\nAuthorization: DPoP {Jwt(Deep(500))}\r\nDPoP: {Jwt(Deep(1000))}\r\nConnection: close\r\n\r\n");
        for (int round = 0; round < 20; round++)
        {
            (int Status, string Answer)[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => RawConnection.SendAsync(Api, request)));
            answers.ShouldAllBe(answer => answer.Status == 401);
        }
        await ShouldStillServeAsync();
        fixture.Up.WorkingSet.ShouldBeLessThan(MemoryLimit);
    }

    private async Task ShouldStillServeAsync()
    {
        fixture.Up.HasExited.ShouldBeFalse(fixture.Up.Output);
        using var caller = new Caller(fixture.Up);
        string token = await caller.TokenAsync();
        using HttpResponseMessage answer = await caller.CallAsync(token, caller.ProofFor("GET", fixture.Up.Orders, token));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static string Deep(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static string Jwt(string json) => $"{System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json))}.e30.c2ln";
}
