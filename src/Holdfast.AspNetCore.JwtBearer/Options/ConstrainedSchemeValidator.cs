using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>Refuses at start a set-up by which a token could pass without being looked at.</summary>
internal sealed class ConstrainedSchemeValidator(
    HoldfastSchemes schemes, IOptions<AuthenticationOptions> authentication, IOptionsMonitor<JwtBearerOptions> bearers) : IValidateOptions<HoldfastOptions>
{
    public ValidateOptionsResult Validate(string? name, HoldfastOptions options)
    {
        if (name is null || !schemes.Foreign.Contains(name))
            return ValidateOptionsResult.Skip;
        List<string> problems = [];
        CheckHandler(name, problems);
        JwtBearerOptions bearer = bearers.Get(name);
        // DPOP-RS-03: what came after this door and put its own events in the place of the door's would let every token pass.
        if (bearer.Events is not SenderConstraintEvents || bearer.EventsType is not null)
            problems.Add($"AddSenderConstraint: something that is configured later replaces the events of scheme '{name}'; call AddSenderConstraint after it, or let it add to the events.");
        CheckForwarding(name, bearer, problems);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    // DPOP-RS-03: a scheme that hands authentication on never sees the token, and neither does this door.
    private void CheckForwarding(string name, JwtBearerOptions bearer, List<string> problems)
    {
        if (bearer.ForwardDefaultSelector is not null)
            problems.Add($"AddSenderConstraint: scheme '{name}' has a ForwardDefaultSelector, so that tokens could pass unseen; put a policy scheme before it instead.");
        if ((bearer.ForwardAuthenticate ?? bearer.ForwardDefault) is { } target && !schemes.Names.Contains(target, StringComparer.Ordinal) && !schemes.Foreign.Contains(target))
            problems.Add($"AddSenderConstraint: scheme '{name}' forwards authentication to '{target}', which is not constrained; call AddSenderConstraint for that scheme.");
    }

    private void CheckHandler(string name, List<string> problems)
    {
        Type? handler = authentication.Value.SchemeMap.TryGetValue(name, out AuthenticationSchemeBuilder? scheme) ? scheme.HandlerType : null;
        if (handler is null || !typeof(JwtBearerHandler).IsAssignableFrom(handler))
            problems.Add($"AddSenderConstraint: '{name}' is no JWT bearer scheme; add it with AddJwtBearer, or name the scheme that is.");
        else if (Overrides(handler, "HandleAuthenticateAsync") || Overrides(handler, "InitializeEventsAsync"))
            problems.Add($"AddSenderConstraint: the handler {handler.Name} of scheme '{name}' authenticates by itself, so that tokens could pass unseen; use the events of JwtBearerOptions instead.");
    }

    private static bool Overrides(Type handler, string method) =>
        handler.GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)?.DeclaringType?.IsSubclassOf(typeof(JwtBearerHandler)) == true;
}
