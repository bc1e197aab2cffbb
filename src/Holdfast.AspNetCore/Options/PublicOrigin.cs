using System.ComponentModel;
using System.Globalization;

namespace Holdfast.AspNetCore;

/// <summary>A base URL under which clients call this API, and how its paths relate to those that arrive here.</summary>
[TypeConverter(typeof(PublicOriginConverter))]
public sealed record PublicOrigin
{
    /// <summary>The base URL: <c>https://api.example.com</c>, or with a path that the proxy strips before it forwards:
    /// <c>https://api.example.com/orders-service</c>.</summary>
    public string Url { get; init; } = "";

    /// <summary>A path prefix that the proxy adds, and that the public URL does not have: <c>/internal</c>. A request whose path
    /// does not start with it did not come by this origin. Default: none.</summary>
    public string? StripPrefix { get; init; }

    /// <summary>A base URL without a prefix to strip.</summary>
    public static implicit operator PublicOrigin(string url) => new() { Url = url };

    /// <summary>A base URL without a prefix to strip.</summary>
    public static PublicOrigin FromString(string url) => new() { Url = url };

    /// <summary>Splits an absolute http(s) URL without query and fragment into its canonical origin and its path without a trailing slash.</summary>
    internal static bool TrySplit(string? url, out string origin, out string path)
    {
        (origin, path) = ("", "");
        if (string.IsNullOrEmpty(url) || url.AsSpan().ContainsAny('?', '#') || !HttpTarget.TryParse(url, out HttpTarget target))
            return false;
        string canonical = target.Canonical;
        int slash = canonical.IndexOf('/', canonical.IndexOf("://", StringComparison.Ordinal) + 3);
        (origin, path) = slash < 0 ? (canonical, "") : (canonical[..slash], canonical[slash..].TrimEnd('/'));
        return true;
    }
}

/// <summary>Lets a base URL in a configuration file be written as a plain string.</summary>
internal sealed class PublicOriginConverter : TypeConverter
{
    public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

    public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
        value is string url ? new PublicOrigin { Url = url } : base.ConvertFrom(context, culture, value);
}
