using System.Data.Common;

namespace Holdfast.Storage;

/// <summary>
/// One of the two engines. What is done in it is written once, for both. Whatever goes wrong in a read or a write is a <see cref="Registry.StateUnavailableException"/>,
/// within the deadline.
/// </summary>
internal interface IStateDatabase : IAsyncDisposable
{
    /// <summary>What it is called in messages: no secret is in it.</summary>
    string Name { get; }

    /// <summary>Whether it answered the last time it was asked, and when that changed.</summary>
    DatabaseHealth Health { get; }

    /// <summary>A consistent read.</summary>
    Task<T> ReadAsync<T>(Func<StateSession, Task<T>> read, CancellationToken cancellationToken);

    /// <summary>A transaction. It is on the disk when this returns, if <paramref name="keeps"/> says so of the answer; otherwise nothing of it is.</summary>
    Task<T> WriteAsync<T>(Func<StateSession, Task<T>> write, Func<T, bool> keeps, CancellationToken cancellationToken);

    /// <summary>
    /// Admits and spends, together with others that come at the same time (<see cref="Admission"/>).
    /// </summary>
    Task<Issuer.StoreAnswer> SpendAsync(Issuer.Spending spending, CancellationToken cancellationToken);

    /// <summary>
    /// A connection of its own for work that may take long, with no deadline: migrations. Exceptions come as they are.
    /// </summary>
    Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Takes the lock under which one program at a time changes the schema, until the transaction ends, and makes sure that its tables would go to the right place.</summary>
    Task LockSchemaAsync(StateSession session);

    /// <summary>Whether the tables of migrations are there.</summary>
    Task<bool> HasSchemaAsync(StateSession session);

    /// <summary>Opens the database anew where the one that is open is no longer the one at its place.</summary>
    Task RenewAsync(CancellationToken cancellationToken);

    /// <summary>Takes the lock of those who purge, if nobody has it, until the transaction ends.</summary>
    Task<bool> TryLockPurgeAsync(StateSession session);
}
