using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Holdfast.AspNetCore;
using Holdfast.Cli.Output;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Cli.Up;

/// <summary>Ready means that both servers answer over HTTP, as a client would ask them, and that no honest request would be refused.</summary>
internal static class UpReadiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task WaitAsync(UpPlan plan, IReadOnlyList<IServiceProvider> servers, CancellationToken cancellationToken)
    {
        using X509Certificate2 authority = X509CertificateLoader.LoadCertificateFromFile(plan.Certificates.CaPath);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, SslOptions = Trusting(authority) }) { Timeout = Patience };
        await AnswersAsync(http, $"{plan.IssuerUrl}/.well-known/oauth-authorization-server", HttpStatusCode.OK, plan.Time, cancellationToken);
        await AnswersAsync(http, $"{plan.IssuerUrl}/jwks", HttpStatusCode.OK, plan.Time, cancellationToken);
        await AnswersAsync(http, $"{plan.IssuerTlsUrl}/jwks", HttpStatusCode.OK, plan.Time, cancellationToken);
        await AnswersAsync(http, $"{plan.ApiUrl}/.well-known/oauth-protected-resource", HttpStatusCode.OK, plan.Time, cancellationToken);
        await AnswersAsync(http, $"{plan.ApiTlsUrl}/.well-known/oauth-protected-resource", HttpStatusCode.OK, plan.Time, cancellationToken);
        if (plan.NonceMode == NonceMode.Off)
            await WaitForFenceAsync(plan, servers, cancellationToken);
    }

    /// <summary>
    /// Waits until a server has reached the database. It would start without it and refuse everybody; whoever has just typed where the database is wants to know.
    /// </summary>
    public static async Task ReachDatabaseAsync(UpPlan plan, IServiceProvider server, CancellationToken cancellationToken)
    {
        long start = plan.Time.GetTimestamp();
        while (server.GetService<ISharedReplayStore>()?.WhyNotReady is { } problem)
        {
            if (plan.Time.GetElapsedTime(start) > DatabasePatience)
                throw new CliException($"The database of --postgres cannot be used: {problem.TrimEnd('.')}.");
            await Task.Delay(Pause, plan.Time, cancellationToken);
        }
    }

    // As a client of ours would, for which the file is written.
    private static SslClientAuthenticationOptions Trusting(X509Certificate2 authority) => new()
    {
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { authority },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    private static async Task AnswersAsync(HttpClient http, string url, HttpStatusCode expected, TimeProvider time, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            string problem;
            try
            {
                using HttpResponseMessage response = await http.GetAsync(new Uri(url), cancellationToken);
                if (response.StatusCode == expected)
                    return;
                problem = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}");
            }
            catch (HttpRequestException failure)
            {
                problem = failure.Message;
            }
            if (time.GetElapsedTime(start) > Patience)
                throw new CliException($"{url} does not answer as it should ({problem}); is 'localhost' this machine?");
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    // Without nonces a proof that an earlier run may have accepted can only be refused; so nobody is asked in before that time is over.
    private static async Task WaitForFenceAsync(UpPlan plan, IReadOnlyList<IServiceProvider> servers, CancellationToken cancellationToken)
    {
        foreach (EmbeddedReplayStore store in servers.Select(server => server.GetService<IReplayStore>()).OfType<EmbeddedReplayStore>())
        {
            bool isTold = false;
            while (store.FencedUntil is { } end)
            {
                double rest = Math.Max(1, Math.Ceiling((end - plan.Time.GetUtcNow()).TotalSeconds));
                if (!isTold)
                {
                    plan.OnNotice(string.Create(CultureInfo.InvariantCulture,
                        $"waiting {rest} s: without nonces, a proof that an earlier run may have accepted could only be refused"));
                }
                isTold = true;
                await Task.Delay(Pause, plan.Time, cancellationToken);
            }
        }
    }
}
