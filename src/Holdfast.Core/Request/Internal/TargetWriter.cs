namespace Holdfast.Internal;

/// <summary>Collects the canonical spelling in a buffer that its maker has made large enough.</summary>
internal ref struct TargetWriter(Span<char> buffer)
{
    private readonly Span<char> _buffer = buffer;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<char> Written => _buffer[..Length];

    public void Write(char c) => _buffer[Length++] = c;

    public void Write(ReadOnlySpan<char> text)
    {
        text.CopyTo(_buffer[Length..]);
        Length += text.Length;
    }

    public void Truncate(int length) => Length = length;
}
