namespace Holdfast.Cli.Client;

/// <summary>The authorization server refused to issue a token: an answer, so the exit code is 1.</summary>
internal sealed class TokenRefusedException(string message, Exception inner) : Exception(message, inner);
