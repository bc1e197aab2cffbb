using Holdfast.Issuer;

namespace Holdfast.Storage.Tests;

/// <summary>A process that writes as fast as it can, says what was acknowledged, and waits to be killed.</summary>
internal static class Program
{
    public static async Task Main(string[] args)
    {
        string directory = args[0], run = args[1];
        await using TestStore store = await TestStore.StartAsync(options => options.DataDirectory = directory);
        Spending none = await store.DecidedAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (int i = 0; ; i++)
            {
                string name = $"{run}-{writer}-{i}";
                Spending spending = none with { Assertion = StoreContract.AssertionOf(name) };
                StoreAnswer answer = i % 2 == 0
                    ? await store.Issuer.SpendAsync(spending, default)
                    : await store.Issuer.AddCodeAsync(StoreContract.CodeOf(name, name), StoreContract.GrantOf(name), null, spending, default);
                lock (store)
                {
                    Console.Out.WriteLine($"{answer} {name} {(i % 2 == 0 ? "assertion" : "code")}");
                    Console.Out.Flush();
                }
            }
        }));
    }
}
