using Microsoft.Extensions.Logging;

namespace Holdfast.Guard;

/// <summary>
/// The log messages of this assembly. In one class, because the generator writes several classes in an order that differs from build to
/// build, and packages are built deterministically. Categories are those of the loggers handed in.
/// </summary>
internal static partial class GuardLog
{
    [LoggerMessage(1, LogLevel.Information, "Signing contexts with key {Current} from now on; {Next} is announced")]
    public static partial void LogKeysTurned(ILogger logger, string current, string next);

    [LoggerMessage(2, LogLevel.Error, "The context keys could not be exchanged, and stay as they are: {Problem}")]
    public static partial void LogKeysNotTurned(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Warning, "{Setting} is set for {Subject}: tokens and proofs may travel in the clear")]
    public static partial void LogDangerous(ILogger logger, string setting, string subject);

    [LoggerMessage(4, LogLevel.Warning, "Proofs are kept in memory with nonces {Nonces}: a second guard would accept the same proof again. Set single_instance where there is only ever one, or nonces to always")]
    public static partial void LogManyInstances(ILogger logger, NonceMode nonces);

    [LoggerMessage(5, LogLevel.Warning, "{Resource} takes unbound tokens of client {Client} until {Until}: {Exemption}")]
    public static partial void LogExemption(ILogger logger, string resource, string client, DateTimeOffset until, string exemption);

    [LoggerMessage(6, LogLevel.Error, "A decision took longer than {Limit} and was refused: the keys of {Issuer} or the replay store do not answer")]
    public static partial void LogTimeout(ILogger logger, TimeSpan limit, string issuer);

    [LoggerMessage(7, LogLevel.Information, "Answering {Adapters} on {Address}")]
    public static partial void LogListening(ILogger logger, string adapters, string address);
}
