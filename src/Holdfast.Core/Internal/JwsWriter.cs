using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Holdfast.Internal;

/// <summary>Writes a JWS in compact form (RFC 7515 §7.1): header and payload as the caller wrote them, signed by an <see cref="IProofSigner"/>.</summary>
internal static class JwsWriter
{
    // The JSON is never put into a page: escaping for HTML would only make a proof longer.
    private static readonly JsonWriterOptions Minimal = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The encoded form of a JSON object.</summary>
    public static string Encode(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Minimal))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    /// <summary>Signs <paramref name="header"/> and <paramref name="payload"/>, both encoded already.</summary>
    public static async ValueTask<string> SignAsync(IProofSigner signer, string header, string payload, CancellationToken cancellationToken)
    {
        byte[] input = Encoding.ASCII.GetBytes($"{header}.{payload}");
        byte[] signature = await signer.SignAsync(input, cancellationToken).ConfigureAwait(false);
        return $"{header}.{payload}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>An identifier that nobody else draws: 128 random bits, 22 characters.</summary>
    public static string RandomJti() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
