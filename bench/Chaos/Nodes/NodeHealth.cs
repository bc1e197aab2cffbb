using Holdfast.Replay.PostgreSql;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Chaos;

/// <summary>Whether a node wants requests: what an orchestrator asks.</summary>
internal static class NodeHealth
{
    public const string Path = "/health/ready";

    public static IResult Answer(IServiceProvider services) => WhyNot(services) is { } reason
        ? Results.Text(reason, statusCode: StatusCodes.Status503ServiceUnavailable)
        : Results.Text("ready");

    private static string? WhyNot(IServiceProvider services) => services.GetService<PostgreSqlReplayStore>()?.WhyNotReady;
}
