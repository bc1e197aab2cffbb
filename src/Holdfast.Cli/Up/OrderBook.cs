using System.Globalization;

namespace Holdfast.Cli.Up;

/// <summary>The orders, in memory; past the capacity the oldest go.</summary>
internal sealed class OrderBook(int capacity = 1000)
{
    private readonly Lock _gate = new();
    private readonly Queue<Order> _orders = new([new Order("1", "hemp rope, 50 m", 2), new Order("2", "carabiner", 12)]);
    private long _last = 2;

    /// <summary>Newest last.</summary>
    public IReadOnlyList<Order> All
    {
        get
        {
            lock (_gate)
                return [.. _orders];
        }
    }

    /// <summary>One of them, or null.</summary>
    public Order? Find(string id)
    {
        lock (_gate)
            return _orders.FirstOrDefault(order => string.Equals(order.Id, id, StringComparison.Ordinal));
    }

    /// <summary>A new one.</summary>
    public Order Add(string item, int quantity)
    {
        lock (_gate)
        {
            var order = new Order((++_last).ToString(CultureInfo.InvariantCulture), item, quantity);
            _orders.Enqueue(order);
            if (_orders.Count > capacity)
                _orders.Dequeue();
            return order;
        }
    }
}
