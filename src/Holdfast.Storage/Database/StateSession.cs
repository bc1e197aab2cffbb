using System.Data.Common;
using Dapper;

namespace Holdfast.Storage;

/// <summary>A connection in a transaction, as the stores use it: statements that both engines understand, with named parameters.</summary>
internal sealed class StateSession(DbConnection connection, DbTransaction? transaction, Pulse? pulse, CancellationToken cancellationToken)
{
    // Before the first statement, which the snapshot is of: another connection may raise it while an answer is on its way.
    private readonly long _lastPulse = pulse?.Last ?? 0;
    private Here? _here;

    /// <summary>Runs a statement and says how many rows it changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => connection.ExecuteAsync(Command(sql, parameters));

    /// <summary>The first row, or null.</summary>
    public Task<T?> FindAsync<T>(string sql, object? parameters = null) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, parameters));

    /// <summary>All rows.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) => [.. await connection.QueryAsync<T>(Command(sql, parameters))];

    /// <summary>Where the database stands: asked once a transaction, unless it is moved by it. One that was set back is a <see cref="Registry.StateUnavailableException"/>.</summary>
    public async ValueTask<Here> HereAsync() => _here ??= (await FindHereAsync()).Required(pulse, _lastPulse);

    /// <summary>The same, also where it was set back.</summary>
    public async Task<Here> FindHereAsync() => await FindAsync<Here>(Here.Sql, new { pulse = pulse?.Id }) ?? throw new InvalidDataException("The database has no line of history.");

    /// <summary>The transaction has moved it, or was taken back.</summary>
    public void Forget() => _here = null;

    private CommandDefinition Command(string sql, object? parameters) => new(sql, parameters, transaction, cancellationToken: cancellationToken);
}
