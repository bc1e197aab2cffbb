using System.Text.Json;

namespace Holdfast.Internal;

/// <summary>A JWT time (RFC 7519 §2): seconds since 1970, a fraction allowed. Strings, negatives and what overflows are not times.</summary>
internal readonly record struct NumericDate(bool Present, bool IsValid, DateTimeOffset Time)
{
    // 9999-12-31T23:59:59Z, the end of DateTimeOffset.
    private const double Latest = 253_402_300_799;

    /// <summary>Moves to the value of the member just named and reads it.</summary>
    public static NumericDate Read(scoped ref Utf8JsonReader reader)
    {
        reader.Read();
        // DPOP-V-26, RFC 9449 §4.2: iat is a number; NaN, negatives, overflow and strings are refused.
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double seconds) && seconds is >= 0 and <= Latest)
            return new(true, true, DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));
        reader.TrySkip();
        return new(true, false, default);
    }
}
