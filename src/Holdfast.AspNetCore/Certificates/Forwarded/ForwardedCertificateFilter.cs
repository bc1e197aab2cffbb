using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Holdfast.AspNetCore;

/// <summary>
/// Before everything the application adds: takes every certificate field away from whoever is not trusted to send it, and on a declared listener
/// reads what a trusted proxy hands on (FWD-09, FWD-20, FWD-43; RFC 9440 §4). Does nothing where the process takes no client certificates.
/// </summary>
internal sealed class ForwardedCertificateFilter(ForwardedCertificateListeners listeners, ClientCertificateUse use, DroppedFieldReporter reporter) : IStartupFilter
{
    private readonly CertificateFields _fields = new(listeners);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        if (use.IsOn)
        {
            app.Use(pipeline => context =>
            {
                Judge(context);
                return pipeline(context);
            });
        }
        next(app);
    };

    private void Judge(HttpContext context)
    {
        ForwardedCertificateListener? listener = listeners.All.Count == 0 ? null : listeners.At(SocketEnds.Local(context));
        Refusal? untrusted = listener?.Trust.Refuse(context);
        // A secret that was judged is nobody else's to read.
        if (listener is { Trust.UsesSecrets: true })
            context.Request.Headers.Remove(ProxyTrust.SecretField);

        // FWD-20, FWD-21: of a trusted proxy, what the declared format reads; of everybody else nothing, in no spelling.
        ForwardedCertificateListener? trusted = untrusted is null ? listener : null;
        List<string>? dropped = _fields.Find(context.Request.Headers, trusted);
        foreach (string name in dropped ?? [])
            context.Request.Headers.Remove(name);
        List<string>? listed = _fields.FindInConnection(context.Request.Headers);
        if (dropped is not null || listed is not null)
            Report(context, listener, untrusted, dropped, listed);
        if (listener is not null)
            context.Features.Set<IForwardedCertificateFeature>(new ForwardedCertificateFeature(listener, Read(context, trusted, listed), untrusted));
    }

    private static PresentedCertificate Read(HttpContext context, ForwardedCertificateListener? trusted, List<string>? listed)
    {
        if (trusted is null)
            return PresentedCertificate.None;
        // FWD-21, RFC 9110 §7.6.1: a client that lists the proxy's own field in Connection wants it taken away on the path; whether that
        // happened cannot be told, so nothing is concluded.
        if (listed?.Find(trusted.Reads) is { } name)
            return PresentedCertificate.Unreadable("a field that Connection does not list", $"Connection: {name}");
        return trusted.Decoder.Decode(field => DPoPFields.Read(context.Request.Headers[field]));
    }

    private void Report(HttpContext context, ForwardedCertificateListener? listener, Refusal? untrusted, List<string>? dropped, List<string>? listed)
    {
        if (dropped is not null)
            context.Features.Set(new DroppedCertificateFields(dropped));
        IEnumerable<string> seen = (dropped ?? []).Concat((listed ?? []).Select(static name => $"Connection: {name}"));
        reporter.Report(context, listener, untrusted, [.. seen]);
    }
}
