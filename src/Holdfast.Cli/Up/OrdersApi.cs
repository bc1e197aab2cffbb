using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Holdfast.Cli.Up;

/// <summary>A small API as anybody would write it: standard policies on standard endpoints. Holdfast is not mentioned in it.</summary>
internal static class OrdersApi
{
    public const string Read = "orders:read";
    public const string Write = "orders:write";
    public const int MaxBody = 16 * 1024;
    private const int MaxItem = 100;
    private const int MaxQuantity = 1000;

    public static void AddOrders(this IServiceCollection services)
    {
        services.AddSingleton(new OrderBook());
        services.AddAuthorizationBuilder()
            .AddPolicy(Read, policy => policy.RequireAuthenticatedUser().RequireClaim("scope", Read))
            .AddPolicy(Write, policy => policy.RequireAuthenticatedUser().RequireClaim("scope", Write));
    }

    public static void MapOrders(this IEndpointRouteBuilder endpoints)
    {
        RouteGroupBuilder orders = endpoints.MapGroup("/orders");
        orders.MapGet("", (HttpContext context, OrderBook book) =>
            WriteAsync(context, 200, new OrderList(book.All), OrderJson.Default.OrderList)).RequireAuthorization(Read);
        orders.MapGet("/{id}", (HttpContext context, string id, OrderBook book) => book.Find(id) is { } order
            ? WriteAsync(context, 200, order, OrderJson.Default.Order)
            : RefuseAsync(context, 404, "There is no such order.")).RequireAuthorization(Read);
        orders.MapPost("", CreateAsync).RequireAuthorization(Write);
    }

    private static async Task CreateAsync(HttpContext context, OrderBook book)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RefuseAsync(context, 415, "Send application/json.");
            return;
        }
        NewOrder? wanted;
        try
        {
            wanted = await JsonSerializer.DeserializeAsync(context.Request.Body, OrderJson.Default.NewOrder, context.RequestAborted);
        }
        catch (JsonException)
        {
            await RefuseAsync(context, 400, "The body is not an order: {\"item\": \"rope\", \"quantity\": 1}.");
            return;
        }
        catch (BadHttpRequestException failure)
        {
            await RefuseAsync(context, failure.StatusCode, "The body cannot be read, or is too large.");
            return;
        }
        Dictionary<string, string> errors = Validate(wanted);
        if (errors.Count > 0)
        {
            await WriteAsync(context, 400, new OrderProblem("The order is not valid.", 400, errors), OrderJson.Default.OrderProblem, "application/problem+json");
            return;
        }
        Order order = book.Add(wanted!.Item!, wanted.Quantity!.Value);
        context.Response.Headers.Location = $"/orders/{order.Id}";
        await WriteAsync(context, 201, order, OrderJson.Default.Order);
    }

    private static Dictionary<string, string> Validate(NewOrder? order)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        if (order?.Item is not { Length: > 0 and <= MaxItem } item || string.IsNullOrWhiteSpace(item) || item.Any(char.IsControl))
            errors["item"] = $"A name of 1 to {MaxItem} characters.";
        if (order?.Quantity is not (>= 1 and <= MaxQuantity))
            errors["quantity"] = $"A number from 1 to {MaxQuantity}.";
        return errors;
    }

    /// <summary>A problem document with this status.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string title) =>
        WriteAsync(context, status, new OrderProblem(title, status), OrderJson.Default.OrderProblem, "application/problem+json");

    private static async Task WriteAsync<T>(HttpContext context, int status, T value, JsonTypeInfo<T> type, string contentType = "application/json")
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
