using Holdfast.Guard;
using Holdfast.Replay.PostgreSql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Cli.Commands;

/// <summary>Brings the store that a guard's configuration asks for.</summary>
internal static class GuardSharedReplay
{
    /// <summary>Registers it, where one is asked for.</summary>
    public static void Add(IServiceCollection services, GuardConfig config)
    {
        if (config.Replay is not { } replay)
            return;
        services.AddPostgreSqlReplay(options =>
        {
            options.ConnectionString = replay.ConnectionString;
            options.Schema = replay.Schema;
            options.Deadline = replay.Deadline;
            options.WhenUnavailable = replay.WhenUnavailable switch
            {
                GuardReplayLoss.Refuse => ReplayLoss.Refuse,
                GuardReplayLoss.Nonce => ReplayLoss.Nonce,
            };
            options.Capacity = config.ReplayCapacity;
            options.QuotaPerKey = config.ReplayQuotaPerKey;
        });
    }

    /// <summary>What no reader of the file can tell, because only the store knows: told like all else that is wrong with the file. Nothing is connected to.</summary>
    public static IEnumerable<GuardConfigProblem> ProblemsOf(GuardConfig config)
    {
        if (config.Replay is null)
            return config.UnsharedProblem is { } problem ? [problem] : [];
        var services = new ServiceCollection();
        Add(services, config);
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            _ = provider.GetRequiredService<IOptions<PostgreSqlReplayOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException failure)
        {
            return [.. failure.Failures.Select(message => new GuardConfigProblem(config.Replay.Line, "replay.postgresql", message))];
        }
    }
}
