namespace Holdfast.Chaos;

/// <summary>Whoever sees all that honest clients send.</summary>
internal interface IWire
{
    /// <summary>This is about to be sent. Returns it with the decision whether it is raced.</summary>
    SentProof Sending(SentProof proof);

    /// <summary>It was answered, or given up.</summary>
    void Answered(SentProof proof);
}
