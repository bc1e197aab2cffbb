namespace Holdfast.Guard;

/// <summary>The fields of the guard's answers.</summary>
public static class AnswerFields
{
    /// <summary>The context for the upstream; empty on refusals, so that a proxy that copies it always overwrites what the client sent.</summary>
    public const string Context = AspNetCore.ContextClaims.Field;

    /// <summary>The status that the client should see, whatever the proxy understands.</summary>
    public const string Status = "Holdfast-Status";

    /// <summary>The name of the failure, on refusals.</summary>
    public const string Failure = "Holdfast-Failure";
}
