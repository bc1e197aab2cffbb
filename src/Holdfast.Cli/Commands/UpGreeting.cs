using Holdfast.Cli.Output;
using Holdfast.Cli.Up;

namespace Holdfast.Cli.Commands;

/// <summary>What <c>up</c> says once it is ready: where things are, and what to try next.</summary>
internal static class UpGreeting
{
    public static Task PrintAsync(UpHost host, UpOptions options, CliConsole console)
    {
        UpDocument up = host.Document;
        bool isDefault = string.Equals(options.DataDirectory, console.FullPath(UpOptions.DefaultDirectory), StringComparison.Ordinal);
        string where = isDefault ? "" : $" --up {Quote(console.ShortPath(options.DataDirectory))}";
        string me = Quote(console.ProgramName);
        string certificate = $"curl -s --cacert {Short(up.CaPem!, console)} --cert {Short(up.MtlsCertificatePem!, console)} --key {Short(up.MtlsKeyPem!, console)}";
        return console.Out.WriteLineAsync(string.Join(console.Out.NewLine,
        [
            $"Holdfast is up{(host.IsNew ? " (first start: keys made, client registered)" : "")}.",
            "",
            $"  issuer    {up.Issuer}   {up.Issuer}/.well-known/oauth-authorization-server",
            $"  API       {up.Resource}   GET /orders, POST /orders, GET /orders/{{id}}",
            $"  client    {up.ClientId}   key {console.ShortPath(up.ClientKeyPem)}",
            $"  mTLS      {up.MtlsResource}   the same API, for tokens bound to a certificate",
            $"  client    {up.MtlsClientId}   certificate {console.ShortPath(up.MtlsCertificatePem!)}",
            $"  admin     {up.AdminClientId}   key {console.ShortPath(up.AdminKeyPem!)}, admin API {up.Admin}",
            .. options.Postgres is null ? Array.Empty<string>() : ["  replay    records are shared through PostgreSQL"],
            $"  details   {console.ShortPath(host.DocumentPath)}",
            $"  signals   {console.ShortPath(up.Signals!)}",
            "",
            "Try, in another terminal:",
            "",
            $"  {me} token{where}                 # a token, and what it says",
            $"  {me} call GET /orders{where}      # the API, with token and proof",
            $"  {me} call GET /orders --mtls{where}   # the same by certificate",
            $"  {me} clients list{where}          # the registry, as its first administrator",
            $"  {me} drill{where}                 # steal the token and try to use it",
            $"  curl -i -H \"Authorization: Bearer $({me} token --raw{where})\" {up.Resource}/orders   # what a thief would do",
            "",
            "By certificate with nothing but curl (TOKEN is the access_token that the first answers with):",
            "",
            $"  {certificate} -d grant_type=client_credentials -d client_id={up.MtlsClientId} {host.MtlsTokenEndpoint}",
            $"  {certificate} -H \"Authorization: Bearer $TOKEN\" {up.MtlsResource}/orders",
            "",
            "Ctrl-C stops it. Proof failures show here as they happen:",
            "",
        ]));
    }

    private static string Short(string path, CliConsole console) => Quote(console.ShortPath(path));

    private static string Quote(string text) => text.Contains(' ', StringComparison.Ordinal) ? $"'{text}'" : text;
}
