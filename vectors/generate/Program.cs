using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Vectors;
using Holdfast.Vectors.Cases;

// holdfast-vectors VECTORS [ID-PREFIX]: writes the vectors whose folder/id starts so. Signatures are random: a regenerated file differs.
if (args.Length is 0 or > 2)
{
    Console.Error.WriteLine("usage: dotnet run --project vectors/generate -- vectors [folder/id-prefix]");
    return 2;
}
string root = args[0];
Keys.Load(Path.Combine(root, "keys"));
Certificates.Load(Path.Combine(root, "keys"));
CaseTable[] tables =
[
    new RfcResourceCases(), new RfcTokenCases(), new ProofFormCases(), new ProofHeaderCases(), new ProofKeyCases(), new ProofClaimCases(),
    new ProofSignatureCases(), new HtuCases(), new HtuRefusedCases(), new CredentialCases(), new AccessTokenCases(), new BindingCases(),
    new FreshnessCases(), new NonceCases(), new ReplayCases(), new TokenEndpointCases(),
    new MutualTlsCases(), new MutualTlsConfirmationCases(), new ForwardedTrustCases(), new Rfc9440Cases(), new NginxCases(), new EnvoyXfccCases(), new EnvoyXfccRefusedCases(),
    new HAProxyCases(), new ApacheCases(), new TraefikCases(), new CaddyCases(), new CloudCases(),
];
Case[] cases = [.. tables.SelectMany(table => table.Cases)];
if (cases.GroupBy(c => c.Id).FirstOrDefault(g => g.Count() > 1) is { } twice)
    throw new InvalidOperationException($"{twice.Key} twice");

var format = new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
int written = 0;
foreach (Case one in cases.Where(c => args.Length == 1 || $"{c.Folder}/{c.Id}".StartsWith(args[1], StringComparison.Ordinal)))
{
    Directory.CreateDirectory(Path.Combine(root, one.Folder));
    File.WriteAllText(Path.Combine(root, one.Folder, one.Id + ".json"), one.Build().ToJsonString(format) + "\n");
    written++;
}
Console.WriteLine($"{written} of {cases.Length} vectors written.");
return 0;
