namespace Holdfast.Internal;

/// <summary>
/// The key of a caller whose request was accepted, and the header its proof had. A client writes the same header into every proof, and a header that
/// passed its checks here, letter for letter, passes them again: it is compared instead of read.
/// </summary>
internal sealed record AcceptedKey(ProofKey Key, JwsAlgorithm Algorithm, string Header);
