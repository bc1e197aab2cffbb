namespace Holdfast;

/// <summary>The names of the fields. Where a proxy has none of its own, these are ours, and its configuration sets them.</summary>
internal static class ForwardedFields
{
    // RFC 9440 §2.2, §2.3.
    public const string ClientCert = "Client-Cert";
    public const string ClientCertChain = "Client-Cert-Chain";

    // nginx, HAProxy and Apache send what their configuration says; these names are widespread.
    public const string Certificate = "X-SSL-Client-Cert";
    public const string Verify = "X-SSL-Client-Verify";
    public const string Used = "X-SSL-Client-Used";
    public const string Chain = "X-SSL-Client-Chain";

    // These have one name each.
    public const string Xfcc = "X-Forwarded-Client-Cert";
    public const string Traefik = "X-Forwarded-Tls-Client-Cert";
    public const string AwsAlb = "X-Amzn-Mtls-Clientcert";
    public const string AwsAlbLeaf = "X-Amzn-Mtls-Clientcert-Leaf";
    public const string AzureArr = "X-ARR-ClientCert";
}
