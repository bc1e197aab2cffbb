namespace Holdfast.Issuer;

/// <summary>Who is signed in at the host.</summary>
/// <param name="Subject">Who it is in tokens; empty where the host does not say.</param>
/// <param name="Name">What the person is called, to be shown.</param>
/// <param name="AuthenticatedAt">When the person signed in, as far as the host knows.</param>
internal sealed record SignedInPerson(string Subject, string Name, DateTimeOffset AuthenticatedAt);
