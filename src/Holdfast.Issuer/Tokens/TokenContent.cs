namespace Holdfast.Issuer;

/// <summary>What a token says, before it is written.</summary>
internal readonly record struct TokenContent(string ClientId, string Audience, string Scope, Confirmation Confirmation);
