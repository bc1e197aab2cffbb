namespace Holdfast.Registry;

/// <summary>What the program that uses the registry demands of an entry before it is written. The issuer's own, so that nothing is registered that it could not serve.</summary>
public interface IRegistryRules
{
    /// <summary>Everything that is wrong with a client beside these resources: one sentence each, naming the member. Empty: nothing.</summary>
    /// <param name="client">The client as it would be.</param>
    /// <param name="hasSecret">Whether the hash of a secret is stored with it.</param>
    /// <param name="resources">The resources there would be.</param>
    IReadOnlyList<string> Check(Client client, bool hasSecret, IReadOnlyList<Resource> resources);

    /// <summary>Everything that is wrong with a resource beside the others.</summary>
    IReadOnlyList<string> Check(Resource resource, IReadOnlyList<Resource> others);
}
