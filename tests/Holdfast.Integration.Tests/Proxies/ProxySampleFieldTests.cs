namespace Holdfast.Integration.Tests;

/// <summary>What the samples must say, also those that are not run here.</summary>
public sealed class ProxySampleFieldTests
{
    public static TheoryData<string> Removals =>
        ["nginx/client-fields.conf", "apache/client-fields.conf", "envoy/api.yaml", "envoy/guard.yaml", "traefik/api.yaml", "traefik/guard.yaml"];

    // FWD-06, FWD-20, FWD-37: those that know no patterns name each field. A format that is added later is missed here.
    [Theory, MemberData(nameof(Removals))]
    public void Names_every_field_that_carries_a_certificate(string file)
    {
        string sample = Settings(file);
        // Envoy sets this one itself, in place of the client's.
        IEnumerable<string> fields = ForwardedCertificateFormats.AllFields.Append("Holdfast-Proxy-Secret").Where(field => file != "envoy/api.yaml" || field != "X-Forwarded-Client-Cert");

        fields.Where(field => !sample.Contains(field, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
    }

    // FWD-37, FWD-57, FWD-59: settings that would undo the rest.
    [Theory]
    [InlineData("envoy/guard.yaml", "failure_mode_allow: false", "failure_mode_allow: true")]
    [InlineData("envoy/guard.yaml", "forward_client_cert_details: SANITIZE_SET", "path_override")]
    [InlineData("envoy/guard.yaml", "allowed_upstream_headers: { patterns: [{ exact: holdfast-context }] }", "- holdfast-context")]
    [InlineData("envoy/api.yaml", "forward_client_cert_details: SANITIZE_SET", "APPEND_FORWARD")]
    [InlineData("traefik/guard.yaml", "authResponseHeaders: [Holdfast-Context]", "trustForwardHeader: true")]
    [InlineData("traefik/traefik.yaml", "entryPoints:", "insecure: true")]
    public void Sets_what_it_must(string file, string has, string hasNot)
    {
        Settings(file).ShouldContain(has);
        Settings(file).ShouldNotContain(hasNot);
    }

    [Theory, InlineData("envoy"), InlineData("traefik")]
    public void Says_where_it_is_not_run(string folder) =>
        RepositoryFiles.Find($"samples/proxies/{folder}", "*.yaml").Where(file => !RepositoryFiles.Read(file).Contains("not run", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();

    private static string Settings(string file) =>
        string.Join('\n', RepositoryFiles.Read($"samples/proxies/{file}").Split('\n').Where(line => !line.TrimStart().StartsWith('#')));
}
