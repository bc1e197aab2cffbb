// A small client, as somebody would write it who has the package and the README; then what a thief would do with its token.
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Holdfast.Client;
using Microsoft.Extensions.DependencyInjection;

string url = args[0], keyFile = args[1], proofKeyFile = args[2];
var services = new ServiceCollection();
services.AddHttpClient("orders").AddHoldfast("orders-client", o =>
{
    o.Issuer = url;
    o.ClientId = "orders-client";
    o.ClientKeyFile = keyFile;
    o.ProofKeyFile = proofKeyFile;
    o.Resource = url;
    o.Scope = "orders.read";
});
await using ServiceProvider provider = services.BuildServiceProvider();

HttpResponseMessage answer = await provider.GetRequiredService<IHttpClientFactory>().CreateClient("orders").GetAsync(url + "/orders");
string body = await answer.Content.ReadAsStringAsync();

HoldfastToken stolen = await provider.GetRequiredService<IHoldfastTokens>().GetTokenAsync("orders-client");
using var thief = new HttpClient { DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stolen.AccessToken) } };
HttpResponseMessage refusal = await thief.GetAsync(url + "/orders");

Console.WriteLine(JsonSerializer.Serialize(new
{
    status = (int)answer.StatusCode,
    body,
    thiefStatus = (int)refusal.StatusCode,
    challenge = refusal.Headers.WwwAuthenticate.ToString(),
}));
return answer.StatusCode == HttpStatusCode.OK ? 0 : 1;
