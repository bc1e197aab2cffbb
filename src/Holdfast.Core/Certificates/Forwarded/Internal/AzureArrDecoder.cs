namespace Holdfast;

/// <summary>Azure App Service: <c>X-ARR-ClientCert</c> is bare base64 of the DER octets (FWD-40).</summary>
internal sealed class AzureArrDecoder(string field) : FormatDecoder(field)
{
    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused))
            return refused;
        return text.Length == 0 ? PresentedCertificate.None : Present(StrictBase64.Decode(text), [], isChainVerified: null);
    }
}
