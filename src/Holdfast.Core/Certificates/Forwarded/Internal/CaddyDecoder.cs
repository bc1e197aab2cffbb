namespace Holdfast;

/// <summary>Caddy: RFC 9440's form by <c>header_up</c>, so that the field is set for connections without a certificate too.</summary>
internal sealed class CaddyDecoder(string field) : FormatDecoder(field)
{
    private const string Placeholder = "{http.request.tls.client.certificate_der_base64}";

    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused))
            return refused;
        // FWD-39: without a certificate the placeholder is empty, or stays its own literal text; both mean that there was none.
        if (text is "" or "::" or Placeholder or $":{Placeholder}:")
            return PresentedCertificate.None;
        return Present(StrictBase64.DecodeByteSequence(text), [], isChainVerified: null);
    }
}
