using System.Net;
using System.Net.Http.Json;

namespace Holdfast.Client.Requests;

/// <summary>
/// A request body that may be needed twice. What can be read again is left alone, what is short is kept, and of a long stream it is
/// known that it is gone (DPOP-C-19).
/// </summary>
internal sealed class RepeatableContent
{
    private readonly int _limit;

    private RepeatableContent(HttpContent? content, int limit) => (Content, _limit) = (content, limit);

    public HttpContent? Content { get; }

    public static async ValueTask<RepeatableContent> CreateAsync(HttpContent? content, int limit, CancellationToken cancellationToken)
    {
        if (content is null || await CanBeReadAgainAsync(content, cancellationToken).ConfigureAwait(false))
            return new(content, limit);
        if (content.Headers.ContentLength is { } length && length <= limit)
        {
            await content.LoadIntoBufferAsync(limit, cancellationToken).ConfigureAwait(false);
            return new(content, limit);
        }
        return new(new RetainingContent(content, limit), limit);
    }

    /// <summary>Called before a second sending: refuses what is gone, with an exception that says why.</summary>
    public void RefuseWhatIsGone(string reason)
    {
        if (Content is RetainingContent { CanRepeat: false })
        {
            throw new HoldfastClientException(HoldfastClientFailure.ContentNotRepeatable,
                $"{reason}, and the request's body can be read only once and has more than {_limit} bytes. Send it again with a new body, "
                + "use a seekable stream, or raise MaxBufferedContentBytes. What the server asked for is remembered.");
        }
    }

    private static async ValueTask<bool> CanBeReadAgainAsync(HttpContent content, CancellationToken cancellationToken) => content switch
    {
        ByteArrayContent or ReadOnlyMemoryContent or JsonContent => true,
        // It rewinds itself where its stream can. A class derived from it may do anything.
        StreamContent when content.GetType() == typeof(StreamContent) =>
            (await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false)).CanSeek,
        _ => false,
    };

    /// <summary>Passes a body of unknown length through and keeps a copy up to the limit, without delaying its first octet.</summary>
    private sealed class RetainingContent : HttpContent
    {
        private readonly HttpContent _inner;
        private readonly int _limit;
        private MemoryStream? _copy;
        private bool _started;
        private bool _complete;

        public RetainingContent(HttpContent inner, int limit)
        {
            (_inner, _limit) = (inner, limit);
            foreach (var header in inner.Headers.NonValidated)
                Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        public bool CanRepeat => !_started || (_complete && _copy is not null);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (!_started)
            {
                _started = true;
                _copy = _inner.Headers.ContentLength is { } length && length > _limit ? null : new();
                await using var tee = new TeeStream(stream, this);
                await _inner.CopyToAsync(tee, context, cancellationToken).ConfigureAwait(false);
                _complete = true;
                return;
            }
            if (!CanRepeat)
                throw new HoldfastClientException(HoldfastClientFailure.ContentNotRepeatable, "The request's body can be read only once.");
            await stream.WriteAsync(_copy!.GetBuffer().AsMemory(0, (int)_copy.Length), cancellationToken).ConfigureAwait(false);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _inner.Headers.ContentLength ?? 0;
            return _inner.Headers.ContentLength is not null;
        }

        private void Keep(ReadOnlySpan<byte> octets)
        {
            if (_copy is null)
                return;
            if (_copy.Length + octets.Length > _limit)
                _copy = null;
            else
                _copy.Write(octets);
        }

        private sealed class TeeStream(Stream target, RetainingContent owner) : Stream
        {
            public override bool CanRead => false;
            public override bool CanSeek => false;
            public override bool CanWrite => true;
            public override long Length => throw new NotSupportedException();
            public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

            public override void Flush() => target.Flush();
            public override Task FlushAsync(CancellationToken cancellationToken) => target.FlushAsync(cancellationToken);
            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
            public override void SetLength(long value) => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count)
            {
                owner.Keep(buffer.AsSpan(offset, count));
                target.Write(buffer, offset, count);
            }

            public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
                WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
            {
                owner.Keep(buffer.Span);
                return target.WriteAsync(buffer, cancellationToken);
            }
        }
    }
}
