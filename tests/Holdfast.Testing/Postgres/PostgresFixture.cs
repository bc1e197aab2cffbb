namespace Holdfast.Testing;

/// <summary>
/// One server for the tests of an assembly, which hands out empty databases. The server is started when the first is asked for, shared by all fixtures
/// of the process, and ended with the last: use it as a class fixture or as a collection fixture. Tests that stop or pause a server start their own.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static int s_users;
    private static PostgresServer? s_server;

    /// <inheritdoc/>
    public Task InitializeAsync()
    {
        Interlocked.Increment(ref s_users);
        return Task.CompletedTask;
    }

    /// <summary>The connection string of a new and empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        PostgresServer server = await StartAsync();
        return server.ConnectionStringOf(await server.CreateDatabaseAsync());
    }

    private static async Task<PostgresServer> StartAsync()
    {
        await Gate.WaitAsync();
        try
        {
            return s_server ??= await PostgresServer.StartNewAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (Interlocked.Decrement(ref s_users) > 0 || s_server is not { } server)
                return;
            s_server = null;
            await server.DisposeAsync();
        }
        finally
        {
            Gate.Release();
        }
    }
}
