using System.Data.Common;
using Holdfast.Registry;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Holdfast.Storage;

/// <summary>Tells a database that is lost from one that says no, and makes of both the one exception of the contract.</summary>
internal static class StateFault
{
    // SQLite's: a constraint, a value too big, an error in a statement, a type that does not fit.
    private const int SqliteError = 1, SqliteTooBig = 18, SqliteConstraint = 19, SqliteMismatch = 20;

    /// <summary>True where it is the database's own answer about the statement, on a connection that can be used on.</summary>
    public static bool IsRefusal(Exception fault) => fault switch
    {
        // Classes: 21 cardinality, 22 data, 23 constraint, 40 a race, 42 syntax and access, 54 limits. But tables that are gone are a database that is gone.
        PostgresException refused => refused.SqlState is not (PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName) && refused.SqlState[..2] is ("21" or "22" or "23" or "40" or "42" or "54"),
        SqliteException refused => refused.SqliteErrorCode is SqliteTooBig or SqliteConstraint or SqliteMismatch || (refused.SqliteErrorCode == SqliteError && !refused.Message.Contains("no such table", StringComparison.Ordinal)),
        DbException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException or UnauthorizedAccessException => false,
        // A fault of ours, such as a value that no parameter can hold.
        _ => true,
    };

    /// <summary>Notes it and makes the exception for the caller.</summary>
    public static StateUnavailableException Of(Exception fault, DatabaseHealth health)
    {
        if (fault is StateUnavailableException unavailable)
            return unavailable;
        if (IsRefusal(fault))
        {
            health.Refused((fault as DbException)?.SqlState ?? fault.GetType().Name, fault);
            return new("The database refused the statement.", fault);
        }
        string problem = fault is OperationCanceledException or TimeoutException ? "no answer in time" : fault.Message;
        health.Lost(problem);
        return new($"The database does not answer: {problem}.", fault);
    }
}
