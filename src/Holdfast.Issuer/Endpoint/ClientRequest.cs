using Holdfast.Registry;
using Microsoft.AspNetCore.Http;

namespace Holdfast.Issuer;

/// <summary>A request whose client is authenticated. Nothing of it was consumed yet.</summary>
internal sealed class ClientRequest(HttpContext http, IssuerForm form, IssuerClient client, ClientAssertion? assertion, ClientCertificate? certificate, IssuerSnapshot snapshot)
{
    public HttpContext Http => http;
    public IssuerForm Form => form;
    public IssuerClient Client => client;
    public ClientCertificate? Certificate => certificate;
    /// <summary>What it is decided by.</summary>
    public IssuerSnapshot Snapshot => snapshot;

    /// <summary>What goes with the one write that answers it (AT-94: the jti of an assertion is used once, remembered apart from the jti of proofs).</summary>
    public Spending Spending => new(assertion is null ? null : new SpentAssertion(assertion.Sub, assertion.Jti!, assertion.Iat!.Value, assertion.Exp!.Value), snapshot.Position);

    /// <summary>The proof, where it was spent for this very request before the registry turned out to have changed: it is not presented again.</summary>
    public ProofOutcome? SpentProof { get; set; }
}
