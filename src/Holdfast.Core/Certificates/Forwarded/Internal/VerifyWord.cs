namespace Holdfast;

/// <summary>What nginx and mod_ssl say of the client's certificate in a word.</summary>
internal static class VerifyWord
{
    private const string Failed = "FAILED";

    /// <summary>False where it is no such word, or contradicts that there is a certificate, or that there is none.</summary>
    public static bool IsRead(string word, bool hasCertificate, out bool? isChainVerified)
    {
        // FWD-24: SUCCESS, FAILED with or without a reason, NONE. mod_ssl says GENEROUS where it did not insist on a chain (FWD-35).
        isChainVerified = word switch { "SUCCESS" => true, "GENEROUS" or Failed => false, _ when word.StartsWith(Failed + ":", StringComparison.Ordinal) => false, _ => null };
        return word.Length == 0 || (hasCertificate ? isChainVerified is not null : word is "NONE");
    }
}
