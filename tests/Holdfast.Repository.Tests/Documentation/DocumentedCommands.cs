namespace Holdfast.Repository.Tests;

/// <summary>Every command that the documentation asks people to run, and the test that runs it (or the same verb with free ports).</summary>
internal static class DocumentedCommands
{
    public static readonly IReadOnlyDictionary<string, string> RunBy = new Dictionary<string, string>
    {
        ["dotnet run --project src/Holdfast.Cli -- up"] = "UpTests.Starts_answers_and_stops_on_an_interrupt",
        ["./test.sh"] = "this run",
        ["./test.sh --filter ReplayTests"] = "this run",
        ["dotnet test tests/Holdfast.Core.Tests --filter HtuTests"] = "this run",
        ["dotnet run -c Release --project bench -- --json bench.json"] = "BenchTests.Prints_each_row_and_writes_it_as_json",
        ["dotnet run -c Release --project bench -- chaos --minutes 10 --json chaos.json"] = "ChaosTests.Nothing_is_accepted_twice_while_nodes_and_the_database_die",
        ["npm ci --prefix tests/npm"] = "this run",
        ["npm ci --prefix samples/browser-app"] = "this run",
        ["npm run dev --prefix samples/browser-app"] = "BrowserAppTests.The_development_server_serves_the_app_under_the_policy_that_it_has_in_production",
        ["holdfast doctor https://api.example.com/orders --issuer https://id.example.com --client-id orders-client --key client-key.pem"] =
            "DoctorCommandTests.Examines_what_it_is_told_one_by_one",
        ["holdfast doctor https://api.example.com/orders --issuer https://id.example.com --client-id orders-client --key client-key.pem --scope \"orders:read holdfast:diagnose\""] =
            "DoctorCommandTests.Hears_what_the_api_saw_where_the_scope_permits_it",
        ["holdfast guard --config guard.yaml --check"] = "GuardCommandTests.Checks_a_configuration_and_says_what_it_means",
        [GeneratedFile.UpdateCommand] = "SpecCoverageTests.The_coverage_page_is_what_the_sources_say",
    };
}
