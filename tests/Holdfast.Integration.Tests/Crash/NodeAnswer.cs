using System.Text.Json;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>What a node answered; <see cref="IsLost"/> where it died or nobody was there, and nothing is known.</summary>
internal sealed record NodeAnswer(int Status, JsonElement Body, bool HasRetryAfter)
{
    public static readonly NodeAnswer Lost = new(0, default, false);

    public bool IsLost => Status == 0;
    public bool IsOk => Status == 200;
    /// <summary>Refused because the database does not answer: nothing is known either.</summary>
    public bool IsUnavailable => Status == 503;
    public string? Error => Member("error");
    public string? AccessToken => Member("access_token");
    public string? RefreshToken => Member("refresh_token");

    /// <summary>True where it says that it was refused for this.</summary>
    public bool Is(VerificationFailure failure) =>
        FailureCatalog.Get(failure) is var info && Status == info.IssuerStatus && Error == info.WireError && Member("error_description") == info.Description;

    public string? Member(string name) => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
