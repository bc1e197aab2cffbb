using System.Security.Cryptography;
using Holdfast.Cli.Output;

namespace Holdfast.Cli.Explain;

/// <summary>Which client certificate a request had: that of the connection, which no message shows, or what a proxy's fields in it say.</summary>
internal sealed class ExplainCertificates
{
    private const int MaxFile = 64 * 1024;

    private readonly PresentedCertificate? _given;
    private readonly ForwardedCertificateDecoder? _decoder;
    private readonly bool _isPeerUntrusted;
    private readonly bool _isOfInput;

    private ExplainCertificates(PresentedCertificate? given, ForwardedCertificateDecoder? decoder, ExplainCase input) =>
        (_given, _decoder, _isPeerUntrusted, _isOfInput) = (given, decoder, input.Policy.IsPeerUntrusted, input.Policy != new ExplainPolicy());

    /// <summary>From the command line, and where it says nothing, from the input.</summary>
    public static ExplainCertificates Resolve(ExplainCase input, ExplainRequest asked, CliConsole console)
    {
        if (asked is { CertificateFile: not null, Forwarded: not null })
            throw new CliException("Behind a proxy the connection's certificate is the proxy's own: give --forwarded or --certificate.");
        if (asked.Forwarded is null && (asked.ForwardedField is not null || asked.XfccHops is not null))
            throw new CliException("--forwarded-field and --xfcc-hops go with --forwarded.");
        PresentedCertificate? given = asked.CertificateFile is { } file ? PresentedCertificate.Of(Read(file, console)) : null;
        ForwardedCertificateConfig? declared = asked.Forwarded is { } name ? Declared(name, asked) : given is null ? input.Policy.Forwarded : null;
        try
        {
            return new(given, declared is null ? null : ForwardedCertificateDecoder.Create(declared), input);
        }
        catch (ArgumentException failure)
        {
            throw new CliException(failure.Message.Split(" (Parameter", 2)[0], failure);
        }
    }

    /// <summary>The certificate of one request.</summary>
    public PresentedCertificate Of(CapturedRequest request)
    {
        if (_given is { } given)
            return given;
        if (_decoder is null)
            return request.Certificate is { } certificate ? PresentedCertificate.Of(certificate) : PresentedCertificate.None;
        // FWD-20: from a stranger the fields are not even read.
        return _isPeerUntrusted ? PresentedCertificate.None : _decoder.Decode(request.Field);
    }

    /// <summary>What has to be said of a request that lacked one.</summary>
    public string? Note(CapturedRequest request, VerificationFailure? failure)
    {
        if (_decoder is not null && _isPeerUntrusted)
            return "The peer is not a trusted proxy, so what it says of a client certificate was not read.";
        if (failure != VerificationFailure.CertificateMissing || _given is not null || _decoder is not null || _isOfInput)
            return null;
        string? field = ForwardedCertificateFormats.AllFields.FirstOrDefault(name => request.Field(name).Count > 0);
        return field is null
            ? "No message shows the connection's client certificate: give it with --certificate FILE."
            : $"The request has the field {field}; if it comes from your own proxy, name its format with --forwarded.";
    }

    private static ForwardedCertificateConfig Declared(string name, ExplainRequest asked) =>
        ForwardedCertificateFormats.TryParse(name, out ForwardedCertificateFormat format)
            ? new() { Format = format, Field = asked.ForwardedField, XfccHops = asked.XfccHops ?? 1 }
            : throw new CliException($"--forwarded '{name}' is none of {string.Join(", ", ForwardedCertificateFormats.All.Select(ForwardedCertificateFormats.NameOf))}.");

    private static ClientCertificate Read(string path, CliConsole console)
    {
        try
        {
            using FileStream file = File.OpenRead(console.FullPath(path));
            byte[] octets = BoundedInput.Read(file, MaxFile) ?? [];
            string text = System.Text.Encoding.Latin1.GetString(octets);
            // The first certificate of a file that may hold a chain and a key.
            for (int from = 0; PemEncoding.TryFind(text.AsSpan(from), out PemFields pem); from += pem.Location.End.Value)
            {
                ReadOnlySpan<char> found = text.AsSpan(from);
                if (!found[pem.Label].SequenceEqual("CERTIFICATE"))
                    continue;
                octets = Convert.FromBase64String(found[pem.Base64Data].ToString());
                break;
            }
            return ClientCertificate.TryRead(octets) ?? throw new CliException($"--certificate '{path}' holds no X.509 certificate in PEM or DER.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"--certificate '{path}' cannot be read: {failure.Message.TrimEnd('.')}.", failure);
        }
    }
}
