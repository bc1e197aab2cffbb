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
        ["holdfast resources add https://api.example.com --scope \"orders:read orders:write\""] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients add orders --jwks orders.jwks.json --scope orders:read --resource https://api.example.com --owner \"identity=Payments,payments@example.com\""] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients show orders"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients set orders --owner \"platform=Gateways,#gateways\" --path-kind backend_to_backend"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients list --team Payments"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients list --dormant 30d"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients disable orders"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients enable orders"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients offboard orders --yes"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast clients remove orders --yes"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast apply -f registry.yaml --dry-run"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast apply -f registry.yaml --yes"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast audit"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast audit --kind client --id orders --json"] = "RegistryPageTests.Every_command_of_the_page_does_what_it_says",
        ["holdfast db status --data /var/lib/holdfast"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db migrate --data /var/lib/holdfast"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db backup /backup/holdfast.db --data /var/lib/holdfast"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db restore /backup/holdfast.db --data /var/lib/holdfast"] = "DbCommandTests.Follows_the_runbook",
        ["export HOLDFAST_POSTGRES='Host=db.example.com;Database=holdfast;Username=holdfast'"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db status"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db backup /backup/holdfast.dump"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db restore /backup/holdfast.dump"] = "DbCommandTests.Follows_the_runbook",
        ["holdfast db add-admin --client-id admin --jwks admin.jwks --issuer https://id.example.com --data /var/lib/holdfast"] =
            "DbCommandTests.Follows_the_runbook",
        ["holdfast issuer keys list"] = "IssuerKeysPageTests.Follows_the_runbook",
        ["holdfast issuer keys rotate"] = "IssuerKeysPageTests.Follows_the_runbook",
        ["holdfast issuer keys retire KID --immediately --yes"] = "IssuerKeysPageTests.Follows_the_runbook",
        ["cp -a /var/lib/holdfast/key-ring /backup-of-keys/key-ring"] = "KeyVaultTests.Signs_again_with_a_key_ring_from_its_backup",
        ["pkcs11-tool --module /usr/lib/softhsm/libsofthsm2.so --login --token-label issuer --keypairgen --key-type EC:prime256v1 --label signing-1 --id 01"] =
            "SoftHsmTests.Signs_with_keys_that_stay_in_a_module",
        [GeneratedFile.UpdateCommand] = "SpecCoverageTests.The_coverage_page_is_what_the_sources_say",
    };
}
