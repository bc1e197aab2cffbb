using System.Text.Json.Nodes;

namespace Holdfast.Integration.Tests;

/// <summary>
/// The nearest competitor of the guard, libapache2-mod-oauth2 of Debian 12, and the guard, both in the same Apache before the same upstream: the
/// same requests to each. The table of <c>docs/guard.md</c> is what this test saw.
/// </summary>
[Collection(ProxyTests.Name)]
public sealed class ModOAuth2Tests(ProxyGround ground)
{
    private const string In = ModOAuth2Duel.In, Refused = ModOAuth2Duel.Refused, Lost = ModOAuth2Duel.Lost;

    private (string What, Func<ModOAuth2Duel, Task<string>> SendAsync, string ModOAuth2, string Guard)[] Rows =>
    [
        ("An honest client with a DPoP-bound token", duel => duel.SendAsync(), In, In),
        ("An honest client with a certificate-bound token", duel => duel.SendAsync(duel.Caller("x5t#S256")), In, In),
        ("An honest client that escapes `~` in its path", duel => duel.SendAsync(path: duel.Path(rest: "%7Ebob")), Refused, In),
        ("An honest client whose clock is 90 s slow", duel => duel.SendAsync(proof: proof => proof.With("iat", DateTimeOffset.UtcNow.AddSeconds(-90).ToUnixTimeSeconds())), Refused, In),
        ("The token without a proof", duel => duel.SendAsync(change: request => request with { Proof = null }), Refused, Refused),
        ("The token with a proof by another key", duel => duel.SendAsync(proof: proof => { proof.Key = TestKey.Es256(); proof.WithHeader("jwk", proof.Key.RequiredMembers()); }), Refused, Refused),
        ("The token with another client's certificate", duel => duel.SendAsync(duel.Caller("x5t#S256"), change: request => request with { Certificate = ground.Certificates.Mallory }), Refused, Refused),
        ("A proof without `ath`", duel => duel.SendAsync(proof: proof => proof.Without("ath")), In, Refused),
        ("A proof made for another token (`ath`)", duel => duel.SendAsync(proof: proof => proof.With("ath", TestKey.Encode(new byte[32]))), In, Refused),
        ("A proof for `get` instead of `GET` (`htm`)", duel => duel.SendAsync(proof: proof => proof.With("htm", "get")), In, Refused),
        ("A proof for `/ORDERS/1` at `/orders/1` (`htu`)", duel => duel.SendAsync(proof: proof => proof.With("htu", Upper(proof))), In, Refused),
        ("A proof for another host, and `X-Forwarded-Host` with that host", duel => duel.SendAsync(proof: proof => proof.With("htu", "https://evil.example/orders/1"),
            change: request => request with { Fields = [("X-Forwarded-Host", "evil.example")] }), In, Refused),
        ("A proof for http, and `X-Forwarded-Proto: http`", duel => duel.SendAsync(proof: proof => proof.With("htu", ((string)proof.Claims["htu"]!).Replace("https:", "http:", StringComparison.Ordinal)),
            change: request => request with { Fields = [("X-Forwarded-Proto", "http")] }), In, Refused),
        ("The same proof again", duel => duel.SendAsync(times: 2), Refused, Refused),
        ("The same proof again, with the other of its two signatures (r, n − s)", ReplayTurnedAsync, In, Refused),
        ("A second proof with the `jti` of the first", ReuseIdentifierAsync, In, Refused),
        ("A proof without `jti`, twice", duel => duel.SendAsync(proof: proof => proof.Without("jti"), times: 2), In, Refused),
        ("A proof with `htm` twice", duel => duel.SendAsync(sign: proof => proof.Key.Sign(proof.Header.ToJsonString(), proof.Claims.ToJsonString().Replace("\"htm\"", "\"htm\":\"POST\",\"htm\"", StringComparison.Ordinal))), In, Refused),
        ("A proof with a critical extension (`crit`)", duel => duel.SendAsync(proof: proof => proof.WithHeader("crit", new JsonArray("exp")).WithHeader("exp", 1)), In, Refused),
        ("An ID token in place of the access token", duel => duel.SendAsync(duel.Caller(type: "JWT")), In, Refused),
        ("A token for another API (`aud`)", duel => duel.SendAsync(duel.Caller(claims: claims => claims["aud"] = "https://payroll.example")), In, Refused),
        ("A token that names another issuer (`iss`)", duel => duel.SendAsync(duel.Caller(claims: claims => claims["iss"] = "https://evil.example")), In, Refused),
        ("A token bound to key and certificate, with the key alone", duel => duel.SendAsync(duel.Caller("both"), change: request => request with { Certificate = null }), In, Refused),
        ("A token bound to key and certificate, with the certificate alone", BothWithCertificateAloneAsync, In, Refused),
        ("A proof without `htm`", duel => duel.SendAsync(proof: proof => proof.Without("htm")), Lost, Refused),
        ("A proof without `htu`", duel => duel.SendAsync(proof: proof => proof.Without("htu")), Lost, Refused),
    ];

    // DPOP-V-09 to DPOP-V-12, DPOP-V-16, DPOP-V-27, DPOP-V-28, DPOP-V-31, AT-11, FWD-51, FWD-65
    [ProxyFact("mod_oauth2")]
    public async Task The_guard_refuses_what_mod_oauth2_lets_in_and_lets_in_what_is_honest()
    {
        var modOAuth2 = new ModOAuth2Duel(ground, await ground.ThroughModOAuth2Async());
        var guard = new ModOAuth2Duel(ground, await ground.ThroughAsync("apache", ProxyShape.Guard));
        List<string> surprises = [], table = ["| what is sent | mod_oauth2 | guard |", "|---|---|---|"];
        foreach ((string what, Func<ModOAuth2Duel, Task<string>> sendAsync, string expectedOfIt, string expectedOfUs) in Rows)
        {
            string it = await sendAsync(modOAuth2), us = await sendAsync(guard);
            if (it != expectedOfIt || us != expectedOfUs)
                surprises.Add($"{what}: mod_oauth2 {it}, guard {us}");
            table.Add($"| {what} | {it} | {us} |");
        }
        surprises.ShouldBeEmpty();
        await modOAuth2.ShouldHaveSaidAsync("exit signal Segmentation fault");
        ProxyAnswer refusal = await modOAuth2.AnswerAsync(modOAuth2.Caller(), request => request with { Proof = null });
        (refusal.Status, refusal.Error, refusal.Challenges[0].Split(' ')[0]).ShouldBe((401, "invalid_token", "Bearer"));
        GeneratedFile.SectionShouldBeCurrent("docs/guard.md", "mod_oauth2", string.Join('\n', table));
    }

    private static string Upper(TestProof proof)
    {
        var url = new Uri((string)proof.Claims["htu"]!);
        return url.GetLeftPart(UriPartial.Authority) + url.AbsolutePath.ToUpperInvariant();
    }

    private static async Task<string> ReplayTurnedAsync(ModOAuth2Duel duel)
    {
        ProxyCaller caller = duel.Caller();
        string? delivered = null;
        (await duel.SendAsync(caller, sign: proof => delivered = proof.Sign())).ShouldBe(In);
        return await duel.SendAsync(caller, sign: _ => ModOAuth2Duel.Turn(delivered!));
    }

    private static async Task<string> ReuseIdentifierAsync(ModOAuth2Duel duel)
    {
        ProxyCaller caller = duel.Caller();
        string jti = Guid.NewGuid().ToString();
        (await duel.SendAsync(caller, proof: proof => proof.With("jti", jti))).ShouldBe(In);
        return await duel.SendAsync(caller, proof: proof => proof.With("jti", jti).With("extra", 1));
    }

    private static Task<string> BothWithCertificateAloneAsync(ModOAuth2Duel duel)
    {
        ProxyCaller caller = duel.Caller("both");
        return duel.SendAsync(caller, duel.Path("Bearer"), change: request => request with { Proof = null, Authorization = $"Bearer {caller.Token}" });
    }
}
