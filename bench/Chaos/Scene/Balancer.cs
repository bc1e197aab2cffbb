using System.Globalization;
using Holdfast.Testing;

namespace Holdfast.Chaos;

/// <summary>
/// nginx: round robin over the nodes and the guarded upstream, and the guard's own server. Which nodes it serves can change without a lost request.
/// </summary>
/// <param name="keepsCallers">Whether a caller stays at one node, as nonces that are bound to the node want it: otherwise it is luck whether a retry meets the node
/// that asked.</param>
internal sealed class Balancer(string folder, int publicPort, int guardedPort, int guardPort, int upstreamPort, string secret, bool keepsCallers) : IAsyncDisposable
{
    private RunningProcess? _process;
    private OrphanWatch? _watch;
    private int[] _served = [];

    public string Output => _process?.Output ?? "";

    /// <summary>The port of the guarded upstream.</summary>
    public int GuardedPort => guardedPort;

    public async Task StartAsync(IEnumerable<int> ports)
    {
        _served = [.. ports];
        await File.WriteAllTextAsync(ConfigFile, Config());
        _process = await RunningProcess.StartListeningAsync("nginx", ["-p", folder, "-c", ConfigFile, "-g", "daemon off;"], publicPort, folder);
        _watch = await OrphanWatch.StartAsync(_process.Id);
    }

    /// <summary>Serves these from now on. Requests under way are answered by where they are.</summary>
    public async Task ServeAsync(IEnumerable<int> ports)
    {
        int[] wanted = [.. ports];
        if (wanted.Order().SequenceEqual(_served.Order()))
            return;
        _served = wanted;
        await File.WriteAllTextAsync(ConfigFile, Config());
        await ProcessSignal.SendAsync("HUP", _process!.Id);
    }

    private string ConfigFile => Path.Combine(folder, "nginx.conf");

    // proxy_next_upstream off: the proof of a request that got no answer may be spent. A second node would be asked with the same proof, and refuse it as a
    // replay: a false alarm, and a 401 in place of the truth. The client knows better: it comes again with a fresh proof. A node that takes no
    // connections is left out for two seconds after the first request that noticed.
    private string Config() => $$"""
        user {{Environment.UserName}};
        worker_processes 1;
        pid {{folder}}/nginx.pid;
        error_log stderr crit;
        events { worker_connections 4096; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          proxy_http_version 1.1;
          proxy_next_upstream off;
          proxy_connect_timeout 1s;
          proxy_read_timeout 3s;
          upstream api {
            {{(keepsCallers ? "hash $http_authorization consistent;" : "")}}
            {{string.Join("\n    ", _served.Select(port => string.Create(CultureInfo.InvariantCulture, $"server 127.0.0.1:{port} max_fails=1 fail_timeout=2s;")))}}
          }
          upstream guard { server 127.0.0.1:{{guardPort}}; keepalive 16; }
          upstream orders { server 127.0.0.1:{{upstreamPort}}; keepalive 16; }
          server {
            listen 127.0.0.1:{{publicPort}};
            location / {
              proxy_pass http://api;
              proxy_set_header Host $http_host;
              proxy_set_header Connection "";
            }
          }
          server {
            listen 127.0.0.1:{{guardedPort}};
            auth_request /holdfast-guard;
            auth_request_set $holdfast_status $upstream_http_holdfast_status;
            auth_request_set $holdfast_challenge $upstream_http_www_authenticate;
            auth_request_set $holdfast_nonce $upstream_http_dpop_nonce;
            add_header DPoP-Nonce $holdfast_nonce always;
            error_page 403 @refused;
            location / {
              proxy_pass http://orders;
              proxy_set_header Host localhost:{{upstreamPort}};
              proxy_set_header Connection "";
            }
            location = /holdfast-guard {
              internal;
              auth_request off;
              proxy_pass http://guard/authorize/nginx;
              proxy_set_header Host $host;
              proxy_set_header Connection "";
              proxy_set_header X-Original-Method $request_method;
              proxy_set_header X-Original-Scheme $scheme;
              proxy_set_header X-Original-Host $http_host;
              proxy_set_header X-Original-URI $request_uri;
              proxy_set_header Holdfast-Proxy-Secret "{{secret}}";
              proxy_pass_request_body off;
              proxy_set_header Content-Length "";
            }
            location @refused {
              auth_request off;
              add_header WWW-Authenticate $holdfast_challenge always;
              add_header DPoP-Nonce $holdfast_nonce always;
              if ($holdfast_status = 400) { return 400; }
              if ($holdfast_status = 503) { return 503; }
              return 403;
            }
          }
        }
        """;

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await _watch.DisposeAsync();
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
