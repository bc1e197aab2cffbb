using System.Text.Json.Serialization;

namespace Holdfast.Cli.Up;

/// <summary>An order of the demonstration API.</summary>
internal sealed record Order(string Id, string Item, int Quantity);

/// <summary>All orders.</summary>
internal sealed record OrderList(IReadOnlyList<Order> Orders);

/// <summary>What a caller sends for a new one.</summary>
internal sealed record NewOrder
{
    public string? Item { get; init; }
    public int? Quantity { get; init; }
}

/// <summary>A refusal of the API itself (RFC 9457).</summary>
internal sealed record OrderProblem(string Title, int Status, IReadOnlyDictionary<string, string>? Errors = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(OrderList))]
[JsonSerializable(typeof(NewOrder))]
[JsonSerializable(typeof(OrderProblem))]
internal sealed partial class OrderJson : JsonSerializerContext;
