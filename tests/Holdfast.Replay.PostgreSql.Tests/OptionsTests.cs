namespace Holdfast.Replay.PostgreSql.Tests;

public sealed class OptionsTests
{
    private readonly PostgreSqlReplayOptionsValidator _validator = new();

    [Fact]
    public void Defaults_with_a_connection_string_are_valid() =>
        _validator.Validate(null, new() { ConnectionString = "Host=db.example.com;Database=holdfast" }).Succeeded.ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData("Database=holdfast")]
    [InlineData("Host=db.example.com;Nonsense=1")]
    public void A_connection_string_that_is_none_is_named_and_not_shown(string connectionString)
    {
        string problem = _validator.Validate(null, new() { ConnectionString = connectionString }).Failures.ShouldHaveSingleItem();
        problem.ShouldStartWith("ConnectionString:");
        problem.ShouldNotContain("Nonsense");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("1st")]
    [InlineData("a;drop")]
    [InlineData("a b")]
    public void A_schema_that_could_not_stand_in_a_statement_is_refused(string schema) =>
        _validator.Validate(null, new() { ConnectionString = "Host=h", Schema = schema }).Failures.ShouldHaveSingleItem().ShouldStartWith("Schema:");

    [Fact]
    public void Every_problem_is_told_at_once() => _validator.Validate(null, new()
    {
        Schema = new string('a', 49), WhenUnavailable = (ReplayLoss)9, Deadline = TimeSpan.FromMilliseconds(49), QueueCapacity = 0, Connections = 17, Capacity = 0, QuotaPerKey = 0,
        NonceKeyLifetime = TimeSpan.FromMinutes(9),
    }).Failures!.Select(problem => problem.Split(':')[0]).ShouldBe(
        ["ConnectionString", "Schema", "WhenUnavailable", "Deadline", "QueueCapacity", "Connections", "Capacity", "QuotaPerKey", "NonceKeyLifetime"]);

    [Theory]
    [InlineData(50, true)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void The_deadline_has_bounds(int milliseconds, bool isFine) =>
        _validator.Validate(null, new() { ConnectionString = "Host=h", Deadline = TimeSpan.FromMilliseconds(milliseconds) }).Succeeded.ShouldBe(isFine);
}
