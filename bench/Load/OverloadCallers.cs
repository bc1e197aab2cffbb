using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Holdfast.Bench;

/// <summary>What the callers of one round saw.</summary>
/// <param name="Accepted">Answers 200 a second.</param>
/// <param name="Refused">Answers 503 a second.</param>
/// <param name="P50">The median latency of the accepted ones, in milliseconds.</param>
/// <param name="P99">Their 99th percentile, in milliseconds.</param>
internal sealed record Overload(double Accepted, double Refused, double P50, double P99)
{
    public override string ToString() => FormattableString.Invariant($"{Accepted,6:0} accepted/s, {Refused,6:0} refused/s, p50 {P50:0.00} ms, p99 {P99:0.00} ms");
}

/// <summary>
/// Callers on raw sockets, each with one connection and one request at a time, in a process of their own so that they can be kept off the server's
/// core. A proof that was refused was not spent and is sent again. wrk cannot tell the latency of the accepted answers from that of the others.
/// </summary>
internal static class OverloadCallers
{
    /// <summary>Reads lines <c>connections seconds requests-a-second</c>, the last 0 for as fast as they are answered; answers each with a line of figures.</summary>
    public static async Task<int> RunAsync(string origin, string jwks, int proofsPerSecond)
    {
        using var caller = new Caller(origin, origin, origin + "/orders", TimeProvider.System.GetUtcNow());
        await File.WriteAllTextAsync(jwks, caller.IssuerJwks);
        Console.WriteLine("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            int[] order = [.. line.Split(' ').Select(int.Parse)];
            var round = new Round(caller, order[0], order[1], order[2], proofsPerSecond * order[1]);
            Overload seen = await round.RunAsync();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seen.Accepted} {seen.Refused} {seen.P50} {seen.P99}"));
        }
        return 0;
    }

    private sealed class Round(Caller caller, int connections, int seconds, int perSecond, int proofs)
    {
        private readonly byte[][] _requests = new byte[proofs][];
        private readonly List<long>[] _accepted = new List<long>[connections];
        private readonly long[] _refused = new long[connections];
        private int _next = -1;
        private int _sent = -1;
        private long _start;

        public async Task<Overload> RunAsync()
        {
            DateTimeOffset iat = TimeProvider.System.GetUtcNow().AddSeconds(seconds);
            Parallel.For(0, proofs, i => _requests[i] = Encoding.ASCII.GetBytes(
                $"GET /orders HTTP/1.1\r\nHost: {new Uri(caller.Url).Authority}\r\nAuthorization: DPoP {caller.Token}\r\nDPoP: {caller.Proof(iat)}\r\n\r\n"));
            GC.Collect();
            Socket[] sockets = new Socket[connections];
            for (int i = 0; i < connections; i++)
            {
                sockets[i] = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await sockets[i].ConnectAsync(IPAddress.Loopback, new Uri(caller.Url).Port);
            }
            _start = Stopwatch.GetTimestamp();
            await Task.WhenAll(sockets.Select((socket, i) => Task.Run(() => CallAsync(socket, i))));
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_start) - TimeSpan.FromSeconds(1);
            List<long> all = [.. _accepted.SelectMany(times => times)];
            all.Sort();
            return new(all.Count / elapsed.TotalSeconds, _refused.Sum() / elapsed.TotalSeconds, Milliseconds(all, 0.5), Milliseconds(all, 0.99));
        }

        private async Task CallAsync(Socket socket, int index)
        {
            List<long> accepted = _accepted[index] = [];
            byte[] answer = new byte[4096];
            byte[]? request = null;
            while (Stopwatch.GetElapsedTime(_start).TotalSeconds < seconds)
            {
                if (perSecond > 0)
                    await PaceAsync(Interlocked.Increment(ref _sent));
                request ??= _requests[Interlocked.Increment(ref _next)];
                long sent = Stopwatch.GetTimestamp();
                await socket.SendAsync(request);
                int status = await ReadAsync(socket, answer);
                bool counts = Stopwatch.GetElapsedTime(_start, sent).TotalSeconds >= 1;
                if (status == 200)
                {
                    if (counts)
                        accepted.Add(Stopwatch.GetTimestamp() - sent);
                    request = null;
                }
                else if (status == 503)
                    _refused[index] += counts ? 1 : 0;
                else
                    throw new InvalidOperationException(Encoding.ASCII.GetString(answer));
            }
            socket.Dispose();
        }

        // The rate is that of all callers together.
        private async ValueTask PaceAsync(int number)
        {
            double wait = ((double)number / perSecond) - Stopwatch.GetElapsedTime(_start).TotalSeconds;
            if (wait > 0)
                await Task.Delay(TimeSpan.FromSeconds(wait));
        }

        // The answers of this server have a length or no body at all, and arrive whole.
        private static async ValueTask<int> ReadAsync(Socket socket, byte[] answer)
        {
            int length = 0;
            while (true)
            {
                int read = await socket.ReceiveAsync(answer.AsMemory(length));
                if (read == 0)
                    throw new InvalidOperationException("The server closed the connection.");
                length += read;
                if (IsWhole(answer.AsSpan(0, length)))
                    return ((answer[9] - '0') * 100) + ((answer[10] - '0') * 10) + answer[11] - '0';
            }
        }

        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            int end = answer.IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return false;
            return answer.IndexOf("Transfer-Encoding: chunked"u8) >= 0
                ? answer.EndsWith("0\r\n\r\n"u8)
                : answer.Length >= end + 4 + LengthOf(answer[..end]);
        }

        private static int LengthOf(ReadOnlySpan<byte> fields)
        {
            int at = fields.IndexOf("Content-Length: "u8);
            return at >= 0 && Utf8Parser.TryParse(fields[(at + 16)..], out int length, out _) ? length : 0;
        }

        private static double Milliseconds(List<long> sorted, double share) =>
            sorted.Count == 0 ? 0 : sorted[(int)((sorted.Count - 1) * share)] * 1000.0 / Stopwatch.Frequency;
    }
}
