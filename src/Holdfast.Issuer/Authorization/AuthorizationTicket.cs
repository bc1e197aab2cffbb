using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;

namespace Holdfast.Issuer;

/// <summary>
/// How far an authorization request has come, in the person's own browser: the request as it arrived, while somebody signs in or reads what is asked. Sealed, so
/// that only this issuer writes it.
/// </summary>
internal sealed record AuthorizationTicket
{
    /// <summary>The one parameter that carries it.</summary>
    public const string Parameter = "continue";

    /// <summary>The parameters, encoded as a form.</summary>
    [JsonPropertyName("r")]
    public required string Request { get; init; }

    /// <summary>When the request arrived. A pushed one is judged by this time, however long the person takes.</summary>
    [JsonPropertyName("a")]
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>When the person was asked to sign in; null where not asked.</summary>
    [JsonPropertyName("p")]
    public DateTimeOffset? PromptedAt { get; init; }

    /// <summary>Whom the consent page was shown to; null where to nobody.</summary>
    [JsonPropertyName("s")]
    public string? Subject { get; init; }

    /// <summary>What was on it.</summary>
    [JsonPropertyName("c")]
    public string? Shown { get; init; }
}

/// <summary>Seals tickets, and opens them again.</summary>
internal sealed class AuthorizationTickets(IDataProtectionProvider protection, TimeProvider timeProvider)
{
    /// <summary>How long a person may take to sign in and to decide.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly IDataProtector _protector = protection.CreateProtector("Holdfast.Issuer", "Authorization", "v1");

    public string Seal(AuthorizationTicket ticket) =>
        Base64Url.EncodeToString(_protector.Protect(JsonSerializer.SerializeToUtf8Bytes(ticket, IssuerJsonContext.Default.AuthorizationTicket)));

    /// <summary>The ticket; null where it is none of this issuer's, or too old.</summary>
    public AuthorizationTicket? Open(string text)
    {
        try
        {
            AuthorizationTicket? ticket = JsonSerializer.Deserialize(_protector.Unprotect(Base64Url.DecodeFromChars(text)), IssuerJsonContext.Default.AuthorizationTicket);
            return ticket is not null && timeProvider.GetUtcNow() - ticket.ArrivedAt < Lifetime ? ticket : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }
}
