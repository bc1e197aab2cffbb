using Microsoft.Extensions.Logging;

namespace Holdfast.Chaos;

/// <summary>What a node tells the harness: its troubles, and not each of the refusals, which are hundreds a second here.</summary>
internal static class NodeLogging
{
    public static void Configure(ILoggingBuilder logging) => logging
        .AddSimpleConsole(o => o.SingleLine = true)
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Holdfast.AspNetCore.VerificationReporter", LogLevel.None);
}
