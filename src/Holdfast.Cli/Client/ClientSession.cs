using System.Net.Sockets;
using System.Security.Authentication;
using Holdfast.Cli.Output;
using Holdfast.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.Cli.Client;

/// <summary>The client library, set up for one command as an application would set it up.</summary>
internal sealed class ClientSession(ServiceProvider services, ClientTarget target, CliConsole console) : IAsyncDisposable
{
    private const string Name = "cli";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>A session for this target.</summary>
    public static ClientSession Open(ClientTarget target, CliConsole console)
    {
        var services = new ServiceCollection();
        IHttpClientBuilder client = services.AddHttpClient(Name, http => http.Timeout = Timeout);
        if (target.CaFile is not null)
        {
            Func<HttpMessageHandler> handlers = TrustedAuthorities.Handlers(target.CaFile);
            client.ConfigurePrimaryHttpMessageHandler(handlers);
            services.AddHttpClient(HoldfastClientDefaults.BackchannelName).ConfigurePrimaryHttpMessageHandler(handlers);
        }
        client.AddHoldfast(Name, options =>
        {
            options.Issuer = target.Issuer;
            options.ClientId = target.ClientId;
            options.ClientKeyFile = target.KeyFile;
            options.ClientCertificateFile = target.CertificateFile;
            options.ClientCertificateKeyFile = target.CertificateKeyFile;
            options.Binding = target.Binding;
            options.ProofKeyFile = target.ProofKeyFile;
            options.Resource = target.Resource;
            options.Scope = target.Scope;
        });
        return new ClientSession(services.BuildServiceProvider(), target, console);
    }

    /// <summary>A token.</summary>
    public ValueTask<HoldfastToken> GetTokenAsync(CancellationToken cancellationToken) =>
        new(TryAsync(() => services.GetRequiredService<IHoldfastTokens>().GetTokenAsync(Name, cancellationToken).AsTask(), cancellationToken));

    /// <summary>Sends a request with the token and what proves possession of it.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        TryAsync(() => services.GetRequiredService<IHttpClientFactory>().CreateClient(Name).SendAsync(request, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<T> TryAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (OptionsValidationException failure)
        {
            throw new CliException([.. failure.Failures], failure);
        }
        catch (HoldfastClientException failure) when (failure.Failure == HoldfastClientFailure.TokenRefused)
        {
            throw new TokenRefusedException(failure.Message, failure);
        }
        catch (HttpRequestException failure)
        {
            throw new CliException(failure.Message.TrimEnd('.') + "." + Advice(failure), failure);
        }
        catch (OperationCanceledException failure) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"No answer within {Timeout.TotalSeconds} s.", failure);
        }
    }

    private string Advice(HttpRequestException failure)
    {
        if (Untrusted(failure) is { } reason)
            return $" {reason.TrimEnd('.')}. If a private certificate authority issued the server's certificate, name it with --ca.";
        if (!target.IsUp || !IsUnreachable(failure))
            return "";
        return $" The 'holdfast up' that wrote up.json has ended without cleaning up; start '{console.ProgramName} up' again.";
    }

    private static string? Untrusted(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is AuthenticationException)
                return failure.Message;
        }
        return null;
    }

    private static bool IsUnreachable(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
                return true;
        }
        return false;
    }
}
