namespace Holdfast.Issuer;

/// <summary>What an access token says, before it is written.</summary>
/// <param name="ClientId">Whose it is.</param>
/// <param name="Subject">In whose name: a person, or the client itself.</param>
/// <param name="GrantId">What it comes from.</param>
/// <param name="Audience">The one resource it is for.</param>
/// <param name="Scope">What was granted; empty: nothing that has a name.</param>
/// <param name="Confirmation">What it is bound to.</param>
internal readonly record struct TokenContent(string ClientId, string Subject, string GrantId, string Audience, string Scope, Confirmation Confirmation);
