namespace Holdfast.Conformance;

/// <summary>How a doctor works.</summary>
public sealed record DoctorOptions
{
    /// <summary>The longest one request may take. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
