using Holdfast.Testing;

namespace Holdfast.Chaos;

/// <summary>PostgreSQL with a standby that streams. The two change places, and keep their two ports.</summary>
internal sealed class SceneDatabase : IAsyncDisposable
{
    private const string Name = "chaos";

    private PostgresServer? _standby;
    private PostgresClock? _clock;

    private SceneDatabase(PostgresServer primary) => Primary = primary;

    public PostgresServer Primary { get; private set; }

    /// <summary>For whichever is the primary.</summary>
    public string Connection { get; private set; } = "";

    /// <summary>Once it was taken over.</summary>
    public PostgresClock Clock => _clock ?? throw new InvalidOperationException("The clock was not taken over.");

    public static async Task<SceneDatabase> StartAsync()
    {
        var database = new SceneDatabase(await PostgresServer.StartNewAsync());
        try
        {
            await database.Primary.ExecuteAsync($"CREATE DATABASE {Name}");
            database._standby = await database.Primary.CreateStandbyAsync();
            database.Connection = PostgresServer.ConnectionStringOf(Name, database.Primary.Port, database._standby.Port);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on <see cref="Clock"/> tells the time in the schema, which a node has made.</summary>
    public async Task TakeClockOverAsync() => _clock = await PostgresClock.TakeOverAsync(Connection);

    /// <summary>The primary dies, its standby takes over, and another standby is made in the place of the former primary.</summary>
    public async Task FailOverAsync()
    {
        PostgresServer former = Primary;
        await former.StopAsync(PostgresStop.Immediate);
        await _standby!.PromoteAsync();
        (Primary, _standby) = (_standby, null);
        await former.DisposeAsync();
        _standby = await Primary.CreateStandbyAsync(former.Port);
    }

    public async ValueTask DisposeAsync()
    {
        if (_standby is not null)
            await _standby.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
