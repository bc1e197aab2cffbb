using System.Buffers;
using Holdfast.Internal;

namespace Holdfast;

/// <summary>
/// Reads a client certificate from the fields of a trusted proxy, in the one format that is declared for it. Whether the sender is to be trusted
/// is for the caller to decide first (FWD-20); what is read here is believed. Safe for any number of threads.
/// </summary>
public sealed class ForwardedCertificateDecoder
{
    /// <summary>Characters of all lines of all fields together; more is not read (FWD-41).</summary>
    public const int MaxLength = 64 * 1024;

    /// <summary>Certificates of a chain, the leaf not counted; more are not read.</summary>
    public const int MaxChain = 10;

    private const int MaxHops = 16;
    private const int MaxFieldName = 128;
    private const int CacheCapacity = 256;
    private const int MaxCachedLength = 8 * 1024;

    // RFC 9110 §5.6.2.
    private static readonly SearchValues<char> Token =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    // Clients send the same certificate with each request, and parsing it costs more than all else. What the lines mean depends on nothing but
    // the lines; only what was read as a certificate is kept.
    private readonly BoundedCache<FormatLines, PresentedCertificate> _known = new(CacheCapacity);
    private readonly FormatDecoder _format;

    private ForwardedCertificateDecoder(FormatDecoder format) => _format = format;

    /// <summary>Every field that is read, that of the certificate first.</summary>
    public IReadOnlyList<string> Fields => _format.Fields;

    /// <summary>Makes the decoder of a listener.</summary>
    /// <exception cref="ArgumentException">No format, a field that is no field name or is read for something else, or hops without Envoy.</exception>
    public static ForwardedCertificateDecoder Create(ForwardedCertificateConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Field is { } name && (name.Length is 0 or > MaxFieldName || name.AsSpan().ContainsAnyExcept(Token)))
            throw new ArgumentException($"'{Printable.From(name)}' is not a field name.", nameof(config));
        if (config.XfccHops is < 1 or > MaxHops)
            throw new ArgumentException($"XfccHops is 1 to {MaxHops}.", nameof(config));
        if (config.XfccHops != 1 && config.Format != ForwardedCertificateFormat.EnvoyXfcc)
            throw new ArgumentException("XfccHops is for envoy-xfcc alone.", nameof(config));
        FormatDecoder format = FormatDecoder.Of(config);
        if (format.Fields.Distinct(StringComparer.OrdinalIgnoreCase).Count() != format.Fields.Length)
            throw new ArgumentException($"'{config.Field}' is read for something else.", nameof(config));
        return new(format);
    }

    /// <summary>
    /// The certificate that the fields state, nothing where they state that there was none, or why they cannot be read. Never throws for what
    /// a request holds. <paramref name="field"/> gives the raw lines of a field by its name, compared without case.
    /// </summary>
    public PresentedCertificate Decode(Func<string, FieldLines> field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var lines = new FormatLines(Array.ConvertAll(_format.Fields, name => field(name)));
        if (lines.IsAbsent)
            return PresentedCertificate.None;
        // FWD-41: bounded before anything is parsed.
        if (lines.Length > MaxLength)
            return PresentedCertificate.Unreadable($"fields of at most {MaxLength} characters", $"{lines.Length}");
        if (_known.TryGet(lines, out PresentedCertificate known))
            return known;
        PresentedCertificate presented = _format.Decode(lines);
        if (presented.Certificate is not null && lines.Length <= MaxCachedLength)
            _known.Set(lines, presented);
        return presented;
    }
}
