namespace Holdfast.Bench;

/// <summary>
/// nginx before an upstream, alone and with <c>auth_request</c> to the guard, under wrk: the throughput that is left, and the latency that is
/// added at half the load that saturates the guarded one. Every guarded request carries a pre-made proof of its own.
/// </summary>
internal static class GuardBench
{
    private const int Rounds = 3, Connections = 32, FewConnections = 16, ProofsPerSecond = 12_000;

    public static async Task<IReadOnlyList<BenchRow>> MeasureAsync(int seconds)
    {
        string directory = Directory.CreateTempSubdirectory("holdfast-bench").FullName;
        int barePort = ServerProcess.FreePort(), guardedPort = ServerProcess.FreePort();
        string audience = $"http://localhost:{guardedPort}";
        try
        {
            await using OrdersProcess upstream = OrdersProcess.Start("jwt", directory, audience);
            string socket = Path.Combine(directory, "guard.sock");
            File.WriteAllText(Path.Combine(directory, "guard.yaml"), GuardYaml(upstream.Origin, audience, socket, directory));
            File.WriteAllText(Path.Combine(directory, "nginx.conf"), NginxConf(directory, socket, new Uri(upstream.Origin).Port, barePort, guardedPort));
            await using ServerProcess guard = ServerProcess.Serve(["guard", Path.Combine(directory, "guard.yaml")]);
            await using ServerProcess nginx = ServerProcess.Start("nginx", ["-p", directory, "-c", "nginx.conf", "-g", "daemon off;"]);
            await ReadyAsync(upstream.Caller, audience);
            return Measure(upstream.Caller, directory, $"http://localhost:{barePort}", audience, seconds);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static List<BenchRow> Measure(Caller caller, string directory, string bare, string guarded, int seconds)
    {
        List<double> ratios = [], p50 = [], p99 = [];
        // The compiler is what is measured first.
        for (int warmUp = 0; warmUp < 3; warmUp++)
            LoadGenerator.Run(guarded + "/orders", Proofs(caller, directory, 5, 0), 5, Connections);
        for (int round = 1; round <= Rounds; round++)
        {
            Load alone = LoadGenerator.Run(bare + "/orders", Plain(directory, 0), seconds, Connections);
            Load all = LoadGenerator.Run(guarded + "/orders", Proofs(caller, directory, seconds, 0), seconds, Connections);
            // So that the connections together send at half that rate.
            int pause = Math.Max(1, (int)Math.Round(FewConnections / (all.PerSecond / 2) * 1000));
            Load calmAlone = LoadGenerator.Run(bare + "/orders", Plain(directory, pause), seconds, FewConnections);
            Load calm = LoadGenerator.Run(guarded + "/orders", Proofs(caller, directory, seconds, pause), seconds, FewConnections);
            ratios.Add(all.PerSecond / alone.PerSecond);
            p50.Add(calm.P50 - calmAlone.P50);
            p99.Add(calm.P99 - calmAlone.P99);
            Console.WriteLine($"      round {round}: nginx alone {alone}; with the guard {all}; at half of that: alone {calmAlone}, with the guard {calm}");
        }
        return
        [
            BenchRow.Figured("guard_nginx_throughput_ratio", Bench.Rounds.Median(ratios)),
            BenchRow.Figured("guard_nginx_added_latency_p50_ms", Bench.Rounds.Median(p50)),
            BenchRow.Figured("guard_nginx_added_latency_p99_ms", Bench.Rounds.Median(p99)),
        ];
    }

    private static string Plain(string directory, int pause) =>
        LoadGenerator.Script(directory, "plain", "requests[1] = wrk.format(\"GET\", \"/orders\")", pause);

    // With a nonce of now: a guard that has just started asks for one, and its age is then the proof's.
    private static string Proofs(Caller caller, string directory, int seconds, int pause) =>
        ProofScript.Write(caller, directory, seconds, ProofsPerSecond, NonceAsync(caller).GetAwaiter().GetResult(), pause);

    private static Task ReadyAsync(Caller caller, string origin) =>
        ServerProcess.EventuallyAsync(origin, async () => await NonceAsync(caller) is { } nonce && (await AskAsync(caller, nonce)).IsSuccessStatusCode);

    private static async Task<string?> NonceAsync(Caller caller)
    {
        using HttpResponseMessage response = await AskAsync(caller, "none-of-the-guard-s");
        return response.Headers.TryGetValues("DPoP-Nonce", out IEnumerable<string>? values) ? values.First() : null;
    }

    private static async Task<HttpResponseMessage> AskAsync(Caller caller, string nonce)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, caller.Url);
        request.Headers.TryAddWithoutValidation("Authorization", $"DPoP {caller.Token}");
        request.Headers.TryAddWithoutValidation("DPoP", caller.Proof(TimeProvider.System.GetUtcNow(), nonce));
        return await http.SendAsync(request);
    }

    private static string GuardYaml(string issuer, string audience, string socket, string directory) => $"""
        name: {audience}
        data_directory: {directory}/guard
        single_instance: true
        replay_capacity: 20000000
        replay_quota_per_key: 20000000
        max_backlog_per_processor: 0
        listeners:
          - address: unix:{socket}
            adapters: [nginx]
            trust: {"{"} unix_socket: true {"}"}
            socket_mode: owner
        issuers:
          - issuer: {issuer}
        resources:
          - name: orders
            issuer: {issuer}
            audience: {audience}
        routes:
          - origin: {audience}
            resource: orders
            upstream: orders
        """;

    // The guard's part is that of samples/proxies/nginx/guard.conf; without TLS, which would cost the same on both sides.
    private static string NginxConf(string directory, string socket, int upstream, int bare, int guarded) => $$"""
        user {{Environment.UserName}};
        worker_processes 1;
        pid {{directory}}/nginx.pid;
        error_log stderr error;
        events { worker_connections 1024; }
        http {
          access_log off;
          client_body_temp_path {{directory}}/body;
          proxy_temp_path {{directory}}/proxy;
          fastcgi_temp_path {{directory}}/fastcgi;
          uwsgi_temp_path {{directory}}/uwsgi;
          scgi_temp_path {{directory}}/scgi;
          upstream guard { server unix:{{socket}}; keepalive 32; }
          upstream orders { server 127.0.0.1:{{upstream}}; keepalive 32; }
          proxy_http_version 1.1;
          server {
            listen 127.0.0.1:{{bare}};
            location = /orders { proxy_pass http://orders/open; proxy_set_header Connection ""; }
          }
          server {
            listen 127.0.0.1:{{guarded}};
            auth_request /holdfast-guard;
            auth_request_set $holdfast_context $upstream_http_holdfast_context;
            auth_request_set $holdfast_nonce $upstream_http_dpop_nonce;
            add_header DPoP-Nonce $holdfast_nonce always;
            location = /orders {
              proxy_pass http://orders/open;
              proxy_set_header Connection "";
              proxy_set_header Holdfast-Context $holdfast_context;
              proxy_set_header Authorization "";
              proxy_set_header DPoP "";
            }
            location = /holdfast-guard {
              internal;
              auth_request off;
              proxy_pass http://guard/authorize/nginx;
              proxy_set_header Connection "";
              proxy_set_header Host $host;
              proxy_set_header X-Original-Method $request_method;
              proxy_set_header X-Original-Scheme $scheme;
              proxy_set_header X-Original-Host $http_host;
              proxy_set_header X-Original-URI $request_uri;
              proxy_pass_request_body off;
              proxy_set_header Content-Length "";
            }
          }
        }
        """;
}
