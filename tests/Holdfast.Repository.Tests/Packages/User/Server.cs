// A small API and the issuer of its tokens, as somebody would write them who has the packages and the README.
using Holdfast.Issuer;
using Holdfast.Storage;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
string url = builder.Configuration["Url"]!;

builder.Services.AddHoldfastIssuer(builder.Configuration.GetSection("Issuer"));
builder.Services.AddHoldfastStorage(o => o.DataDirectory = builder.Configuration["Issuer:DataDirectory"]!);
builder.Services.AddAuthentication().AddHoldfast(o => { o.Issuer = url; o.Audience = url; });
builder.Services.AddAuthorization();

WebApplication app = builder.Build();
app.MapHoldfastIssuer();
app.MapGet("/orders", (HttpContext context) => $"orders of {context.User.FindFirst("client_id")!.Value}").RequireAuthorization();
app.Run(url);
