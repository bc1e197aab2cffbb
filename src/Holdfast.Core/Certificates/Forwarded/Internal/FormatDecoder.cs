namespace Holdfast;

/// <summary>One format. A decoder knows nothing of who sent the fields.</summary>
internal abstract class FormatDecoder(params string[] fields)
{
    /// <summary>The fields that are read, that of the certificate first.</summary>
    public string[] Fields { get; } = fields;

    /// <summary>What the lines state; at least one is there, and they are bounded.</summary>
    public abstract PresentedCertificate Decode(FormatLines lines);

    public static FormatDecoder Of(ForwardedCertificateConfig config) => config.Format switch
    {
        ForwardedCertificateFormat.Rfc9440 => new Rfc9440Decoder(config.Field ?? ForwardedFields.ClientCert),
        ForwardedCertificateFormat.Nginx => new NginxDecoder(config.Field ?? ForwardedFields.Certificate),
        ForwardedCertificateFormat.EnvoyXfcc => new EnvoyXfccDecoder(config.Field ?? ForwardedFields.Xfcc, config.XfccHops),
        ForwardedCertificateFormat.HAProxy => new HAProxyDecoder(config.Field ?? ForwardedFields.Certificate),
        ForwardedCertificateFormat.Apache => new ApacheDecoder(config.Field ?? ForwardedFields.Certificate),
        ForwardedCertificateFormat.Traefik => new TraefikDecoder(config.Field ?? ForwardedFields.Traefik),
        ForwardedCertificateFormat.Caddy => new CaddyDecoder(config.Field ?? ForwardedFields.ClientCert),
        ForwardedCertificateFormat.AwsAlb => new AwsAlbDecoder(config.Field ?? ForwardedFields.AwsAlb),
        ForwardedCertificateFormat.AzureArr => new AzureArrDecoder(config.Field ?? ForwardedFields.AzureArr),
        _ => throw new ArgumentException("The format is not declared.", nameof(config)),
    };

    // FWD-02, RFC 9440 §2.2: one certificate, so one line; two are a client's and the proxy's, or two proxies'. The same holds for what is said beside it.
    protected bool IsSingle(FormatLines lines, int field, out string value, out PresentedCertificate refused)
    {
        value = lines[field].Single ?? "";
        refused = lines[field].Count > 1 ? Unreadable($"one line {Fields[field]}", $"{lines[field].Count} lines") : default;
        return lines[field].Count <= 1;
    }

    // FWD-41: each is one DER certificate, hashed over the octets as they came.
    protected PresentedCertificate Present(byte[]? leaf, IReadOnlyList<byte[]>? chain, bool? isChainVerified)
    {
        if (leaf is null || ClientCertificate.TryRead(leaf) is not { } certificate)
            return Unreadable($"one DER certificate of at most {ClientCertificate.MaxLength} octets in {Fields[0]}", "something else");
        if (chain is null || chain.Count > ForwardedCertificateDecoder.MaxChain || chain.Any(one => ClientCertificate.TryRead(one) is null))
            return Unreadable($"a chain of at most {ForwardedCertificateDecoder.MaxChain} DER certificates", "something else");
        return PresentedCertificate.Of(certificate.AsForwarded([.. chain.Select(one => (ReadOnlyMemory<byte>)one)], isChainVerified));
    }

    protected static PresentedCertificate Unreadable(string expected, string seen) => PresentedCertificate.Unreadable(expected, seen);
}
