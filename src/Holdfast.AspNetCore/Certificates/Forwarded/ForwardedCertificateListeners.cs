using System.Net;

namespace Holdfast.AspNetCore;

/// <summary>The declared listeners of the process, made once from validated options. Empty where none was declared.</summary>
internal sealed class ForwardedCertificateListeners
{
    // What a request cannot do without, or what the verifier itself reads, is no place for a certificate, and would be removed with it.
    private static readonly string[] Taken = ["Authorization", "Connection", "Cookie", "DPoP", "Host", ProxyTrust.SecretField];

    private ForwardedCertificateListeners(IReadOnlyList<ForwardedCertificateListener> all) => All = all;

    public IReadOnlyList<ForwardedCertificateListener> All { get; }

    /// <summary>The one that a request arrived on, by the server's own end of the connection; null where that is not a proxy's.</summary>
    public ForwardedCertificateListener? At(EndPoint? local)
    {
        foreach (ForwardedCertificateListener listener in All)
        {
            if (listener.Has(local))
                return listener;
        }
        return null;
    }

    /// <summary>Turns options into listeners and adds every problem; what has a problem is left out.</summary>
    public static ForwardedCertificateListeners Create(IReadOnlyList<ForwardedClientCertificateOptions> declared, ICollection<string> problems)
    {
        List<ForwardedCertificateListener> all = [];
        for (int i = 0; i < declared.Count; i++)
        {
            ForwardedClientCertificateOptions options = declared[i];
            string setting = $"ForwardedClientCertificates:{i}";
            CheckPlace(declared, i, setting, problems);
            ForwardedCertificateDecoder? decoder = CreateDecoder(options, setting, problems);
            ProxyTrust? trust = ProxyTrust.TryCreate(options.Trust, $"{setting}:Trust", problems);
            if (decoder is not null && trust is not null)
                all.Add(new() { Port = options.Port, UnixSocket = options.UnixSocket, Format = options.Format, Decoder = decoder, Trust = trust });
        }
        return new(all);
    }

    private static void CheckPlace(IReadOnlyList<ForwardedClientCertificateOptions> declared, int index, string setting, ICollection<string> problems)
    {
        ForwardedClientCertificateOptions options = declared[index];
        if (options.Port is < 1 or > 65535)
            problems.Add($"{setting}:Port: {options.Port} is no port; leave it out for every listener of this process.");
        if (options.UnixSocket is { } path && !Path.IsPathFullyQualified(path))
            problems.Add($"{setting}:UnixSocket: '{path}' is not an absolute path.");
        if (options.UnixSocket is not null && !options.Trust.UnixSocket)
            problems.Add($"{setting}:Trust:UnixSocket: not set, so nobody who comes by {options.UnixSocket} would be trusted; set it if the socket's permissions let the proxy alone in.");
        // FWD-20: one decoder a listener; two would be a guess which of them the proxy means.
        for (int other = 0; other < index; other++)
        {
            if (Overlap(declared[other], options))
                problems.Add($"{setting}: declares a listener that ForwardedClientCertificates:{other} declares already.");
        }
    }

    private static bool Overlap(ForwardedClientCertificateOptions one, ForwardedClientCertificateOptions other) =>
        one is { Port: null, UnixSocket: null } || other is { Port: null, UnixSocket: null }
        || (one.Port is { } port && port == other.Port)
        || (one.UnixSocket is { } path && string.Equals(path, other.UnixSocket, StringComparison.Ordinal));

    private static ForwardedCertificateDecoder? CreateDecoder(ForwardedClientCertificateOptions options, string setting, ICollection<string> problems)
    {
        if (options.Field is { } field && Taken.Contains(field, FieldSpelling.Comparer))
            problems.Add($"{setting}:Field: '{field}' has another meaning.");
        if (!ForwardedCertificateFormats.TryParse(options.Format, out ForwardedCertificateFormat format))
        {
            string names = string.Join(", ", ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf));
            problems.Add($"{setting}:Format: '{options.Format}' is no format, and none is guessed; name the one your proxy sends: {names}.");
            return null;
        }
        try
        {
            return ForwardedCertificateDecoder.Create(new() { Format = format, Field = options.Field, XfccHops = options.XfccHops });
        }
        catch (ArgumentException failure)
        {
            problems.Add($"{setting}: {failure.Message.Split(" (Parameter ", 2)[0]}");
            return null;
        }
    }
}
