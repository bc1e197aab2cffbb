using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Counts and signals the certificate fields that were taken from a request: <c>certificate_header_untrusted</c>, suspicious (FWD-20).</summary>
internal sealed class DroppedFieldReporter(VerificationReporter reporter, IServiceProvider services)
{
    // A stranger may send as many spellings as a request has room for.
    private const int MaxNames = 4;

    private readonly Lazy<string> _resource = new(() => NameOf(services));

    /// <summary>The request goes on, without what was dropped. Names only: whoever forges a certificate may forge anybody's.</summary>
    public void Report(HttpContext context, ForwardedCertificateListener? listener, Refusal? untrusted, IReadOnlyList<string> seen)
    {
        bool fromProxy = listener is not null && untrusted is null;
        VerifierMeter.RecordDroppedCertificateFields(_resource.Value, fromProxy);
        string names = string.Join(", ", seen.Take(MaxNames)) + (seen.Count > MaxNames ? $" and {seen.Count - MaxNames} more" : "");
        string expected = fromProxy ? $"of the proxy on {listener}: {string.Join(", ", listener!.Decoder.Fields)}"
            : untrusted is not null ? $"certificate fields from {untrusted.Expected} on {listener}"
            : "no certificate field: no proxy is declared here";
        string from = untrusted is not null ? $", from {untrusted.Seen}" : "";
        reporter.Report(context, VerifierRole.ResourceServer, _resource.Value, new Refusal(VerificationFailure.CertificateHeaderUntrusted, expected, names + from),
            answered: null);
    }

    // A listener belongs to the process and not to a scheme.
    private static string NameOf(IServiceProvider services)
    {
        IOptionsMonitor<HoldfastOptions> options = services.GetRequiredService<IOptionsMonitor<HoldfastOptions>>();
        string[] names = [.. services.GetService<HoldfastSchemes>()?.Names.Select(scheme => HoldfastResources.NameOf(options.Get(scheme))) ?? []];
        return names.Length > 0 ? string.Join(", ", names) : services.GetRequiredService<IHostEnvironment>().ApplicationName;
    }
}
