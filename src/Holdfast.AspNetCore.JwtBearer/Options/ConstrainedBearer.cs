using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;

namespace Holdfast.AspNetCore.JwtBearer;

/// <summary>Wraps the events of a constrained scheme, whatever the application set: after its own configuration, so that nothing it does comes later.</summary>
internal sealed class ConstrainedBearer(HoldfastSchemes schemes) : IPostConfigureOptions<JwtBearerOptions>
{
    public void PostConfigure(string? name, JwtBearerOptions options)
    {
        if (name is null || !schemes.Foreign.Contains(name))
            return;
        options.Events = new SenderConstraintEvents(options.Events, options.EventsType);
        options.EventsType = null;
    }
}
