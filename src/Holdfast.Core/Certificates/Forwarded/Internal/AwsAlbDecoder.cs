namespace Holdfast;

/// <summary>AWS application load balancer: percent-encoded PEM with <c>+</c>, <c>=</c> and <c>/</c> left as they are (FWD-40).</summary>
internal sealed class AwsAlbDecoder(string field) : FormatDecoder(field)
{
    // One mode, one field: whoever reads the other's too would read what a client sent. The verify mode sends the leaf of a chain that it verified.
    private readonly bool? _isChainVerified = string.Equals(field, ForwardedFields.AwsAlbLeaf, StringComparison.OrdinalIgnoreCase) ? true : null;

    public override PresentedCertificate Decode(FormatLines lines)
    {
        if (!IsSingle(lines, 0, out string text, out PresentedCertificate refused))
            return refused;
        if (text.Length == 0)
            return PresentedCertificate.None;
        return EscapedPem.Decode(text) is [var leaf, .. var chain] ? Present(leaf, chain, _isChainVerified) : Present(null, [], null);
    }
}
