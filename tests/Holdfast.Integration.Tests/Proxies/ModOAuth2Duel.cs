using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>One side of the comparison: Apache with mod_oauth2, or Apache with the guard, before the same upstream; and what is sent to it.</summary>
internal sealed class ModOAuth2Duel(ProxyGround ground, ProxyProcess side)
{
    /// <summary>The order of P-256.</summary>
    private static readonly BigInteger Order = BigInteger.Parse("0ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", NumberStyles.HexNumber);

    public const string In = "let in", Refused = "refused", Lost = "crashes";

    /// <summary>A path of the side. mod_oauth2 takes one scheme at a path.</summary>
    public string Path(string scheme = "DPoP", string rest = "1") => side.Proxy.IsCompetitor && scheme == "Bearer" ? $"/mtls/{rest}" : $"/orders/{rest}";

    public ProxyCaller Caller(string binding = "jkt", Action<JsonObject>? claims = null, string type = "at+jwt") => new(ground, binding, null, claims, type);

    /// <summary>An honest request, of which <paramref name="proof"/> may change the proof, and <paramref name="sign"/> how it is made.</summary>
    public Task<string> SendAsync(ProxyCaller? caller = null, string? path = null, Action<TestProof>? proof = null, Func<ProxyRequest, ProxyRequest>? change = null,
        Func<TestProof, string>? sign = null, int times = 1)
    {
        ProxyCaller by = caller ?? Caller();
        return SendAsync(() =>
        {
            ProxyRequest honest = by.Request(side, path ?? Path(by.NeedsProof ? "DPoP" : "Bearer"));
            if (by.NeedsProof)
            {
                TestProof made = Proof(by, honest.Path);
                proof?.Invoke(made);
                honest = honest with { Proof = sign is null ? made.Sign() : sign(made) };
            }
            return change is null ? honest : change(honest);
        }, times);
    }

    public TestProof Proof(ProxyCaller by, string path) =>
        new(by.Key, "GET", $"https://localhost:{side.Port}{path.Split('?')[0]}", DateTimeOffset.UtcNow, by.Token, ground.Nonces.Of(side));

    /// <summary>Sends the same request so many times, once it is not challenged for a nonce; what became of the last one.</summary>
    public async Task<string> SendAsync(Func<ProxyRequest> make, int times = 1)
    {
        try
        {
            ProxyRequest request = make();
            ProxyAnswer answer = await ground.SendAsync(side, request);
            if (answer.AsksForNonce)
                answer = await ground.SendAsync(side, request = make());
            for (int i = 1; i < times; i++)
                answer = await ground.SendAsync(side, request);
            return Outcome(answer);
        }
        catch (HttpRequestException)
        {
            return Lost;
        }
    }

    /// <summary>The whole answer to an honest request that was changed.</summary>
    public Task<ProxyAnswer> AnswerAsync(ProxyCaller caller, Func<ProxyRequest, ProxyRequest> change) => ground.SendAsync(side, change(caller.Request(side, Path())));

    /// <summary>The server's log has this; the parent process notices the end of a worker a moment later.</summary>
    public async Task ShouldHaveSaidAsync(string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!side.Log.Contains(text, StringComparison.Ordinal) && !limit.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        side.Log.ShouldContain(text);
    }

    /// <summary>The same proof with the other of its two valid signatures: (r, n − s) verifies where (r, s) does.</summary>
    public static string Turn(string proof)
    {
        string[] parts = proof.Split('.');
        byte[] signature = Base64Url.DecodeFromChars(parts[2]);
        BigInteger s = Order - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        byte[] turned = s.ToByteArray(isUnsigned: true, isBigEndian: true);
        signature.AsSpan(32).Clear();
        turned.CopyTo(signature.AsSpan(64 - turned.Length));
        return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Outcome(ProxyAnswer answer) => answer.Text.Contains("\"fields\"", StringComparison.Ordinal) ? In : answer.Status is 400 or 401 or 403 ? Refused : $"{answer.Status}";
}
