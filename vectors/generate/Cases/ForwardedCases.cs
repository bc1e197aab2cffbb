using System.Text.Json.Nodes;

namespace Holdfast.Vectors.Cases;

/// <summary>Cases of one format: a token bound to the client's certificate, and what its proxy, which is trusted, hands on.</summary>
internal abstract class ForwardedCases(string format, string spec) : CaseTable("certificate-headers")
{
    protected static readonly TestCertificate Client = Certificates.Client, Thief = Certificates.Thief;

    /// <summary>The lines state the client's certificate.</summary>
    protected void Read(string id, string description, params string[][] lines) => Read(id, description, Client, lines);

    /// <summary>The lines state this certificate, to which the token is bound.</summary>
    protected void Read(string id, string description, TestCertificate certificate, params string[][] lines) =>
        Good($"{format}-{id}", spec, description, s => { s.BindTo(certificate); s.Forward(Declared(), lines); });

    /// <summary>The lines state that there is no certificate.</summary>
    protected void None(string id, string description, params string[][] lines) =>
        BadToken($"{format}-{id}", $"{spec}, MTLS-25", description, "certificate_missing", s => { s.BindTo(Client); s.Forward(Declared(), lines); });

    /// <summary>The lines state that there is no certificate, and an unbound token does not need one.</summary>
    protected void NoneForUnbound(string id, string description, params string[][] lines) =>
        Good($"{format}-{id}", spec, description, s => { s.Unbound(); s.Forward(Declared(), lines); });

    /// <summary>The lines state another certificate than the client's.</summary>
    protected void Another(string id, string description, params string[][] lines) =>
        BadToken($"{format}-{id}", $"{spec}, MTLS-24", description, "certificate_mismatch", s => { s.BindTo(Client); s.Forward(Declared(), lines); });

    /// <summary>The lines do not state exactly one certificate.</summary>
    protected void Unreadable(string id, string description, params string[][] lines) =>
        Bad($"{format}-{id}", spec, description, "certificate_header_unreadable", "invalid_request", s => { s.BindTo(Client); s.Forward(Declared(), lines); });

    /// <summary>How the format is declared.</summary>
    protected virtual JsonObject Declared() => new() { ["format"] = format };

    /// <summary>The same octets for a lax reader: the unused bits of the last letter are not zero.</summary>
    protected static string WithLooseBits(string base64)
    {
        string letters = base64.TrimEnd('=');
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return letters[..^1] + Alphabet[Alphabet.IndexOf(letters[^1]) + 1] + base64[letters.Length..];
    }

    protected static string Base64(params byte[][] octets) => Convert.ToBase64String([.. octets.SelectMany(part => part)]);
}
