namespace Holdfast.AspNetCore;

/// <summary>Endpoint metadata that asks for a mode. Of several on one endpoint, and of the resource's own, the strictest wins.</summary>
public interface ISenderConstraintMetadata
{
    /// <summary>The mode.</summary>
    SenderConstraintMode Mode { get; }
}
