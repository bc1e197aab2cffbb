namespace Holdfast.Client;

/// <summary>Names and bounds.</summary>
public static class HoldfastClientDefaults
{
    /// <summary>
    /// The name of the <see cref="HttpClient"/> that talks to authorization servers. Configure its primary handler to trust a
    /// private certificate authority or to use a proxy. Other handlers do not apply to it: a repeated token request is a new one.
    /// </summary>
    public const string BackchannelName = "Holdfast.Backchannel";

    /// <summary>How many redirects of one request are followed; the next one is given to the caller.</summary>
    public const int MaxRedirects = 10;
}
