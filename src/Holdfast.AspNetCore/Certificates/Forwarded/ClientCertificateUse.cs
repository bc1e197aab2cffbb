using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore;

/// <summary>Whether client certificates count in this process: then nobody but a trusted proxy may speak of one.</summary>
internal sealed class ClientCertificateUse(ForwardedCertificateListeners listeners, IOptions<ClientCertificateDeclarations> declarations, IServiceProvider services)
{
    /// <summary>True where the process as a whole takes them, be it from proxies.</summary>
    public bool IsDeclared { get; } = declarations.Value.IsUsed || listeners.All.Count > 0;

    /// <summary>True where the process or any of its schemes does. Schemes are asked late: their options may need what is being built.</summary>
    public bool IsOn => IsDeclared || (services.GetService<HoldfastSchemes>()?.Names.Exists(
        scheme => services.GetRequiredService<IOptionsMonitor<HoldfastOptions>>().Get(scheme).UseClientCertificates) ?? false);
}

/// <summary>What the application declared, call by call.</summary>
internal sealed class ClientCertificateDeclarations
{
    /// <summary>True where <c>AddClientCertificates</c> was called.</summary>
    public bool IsUsed { get; set; }

    /// <summary>One for each call of <c>AddForwardedClientCertificates</c>.</summary>
    public IList<ForwardedClientCertificateOptions> Listeners { get; } = [];
}

/// <summary>Validates all declared listeners together when the host starts.</summary>
internal sealed class ClientCertificateDeclarationsValidator : IValidateOptions<ClientCertificateDeclarations>
{
    public ValidateOptionsResult Validate(string? name, ClientCertificateDeclarations options)
    {
        List<string> problems = [];
        ForwardedCertificateListeners.Create([.. options.Listeners], problems);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
