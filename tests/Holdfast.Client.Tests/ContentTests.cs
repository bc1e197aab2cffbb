using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Holdfast.Client.Tests.Fakes;

namespace Holdfast.Client.Tests;

public class ContentTests
{
    private static Task<World> AskingForANonce() => World.CreateAsync().ContinueWith(created =>
    {
        World world = created.Result;
        world.Api.Answer = (seen, context) =>
        {
            if (seen.Proof["nonce"] is null)
                FakeApi.Challenge(context, "use_dpop_nonce", "n-1");
            return Task.CompletedTask;
        };
        return world;
    });

    public static TheoryData<string> Repeatable => ["string", "json", "form", "multipart", "seekable", "short-stream", "short-known", "nothing"];

    // DPOP-C-19
    [Theory]
    [MemberData(nameof(Repeatable))]
    public async Task Sends_a_body_again_that_can_be_sent_again(string kind)
    {
        await using World world = await AskingForANonce();
        HttpContent? content = kind switch
        {
            "string" => new StringContent(new string('x', 5000)),
            "json" => JsonContent.Create(new { x = 1 }),
            "form" => new FormUrlEncodedContent([new("x", "1")]),
            "multipart" => new MultipartFormDataContent("edge") { { new StringContent("part"), "x" } },
            "seekable" => new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes(new string('x', 5000)))),
            "short-stream" => new StreamContent(OnceOnly(new string('x', 900))),
            "short-known" => new StreamContent(OnceOnly("known")) { Headers = { ContentLength = 5 } },
            _ => null,
        };
        (await world.Client(o => o.MaxBufferedContentBytes = 1000).PostAsync("/orders", content)).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.Count.ShouldBe(2);
        world.Api.Requests[1].Body.ShouldBe(world.Api.Requests[0].Body);
        (world.Api.Requests[1].Body.Length > 0).ShouldBe(content is not null);
        world.Api.Requests[1].Headers.ContentType.ShouldBe(world.Api.Requests[0].Headers.ContentType);
    }

    // DPOP-C-19
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Does_not_send_the_remains_of_a_consumed_stream(bool knownLength)
    {
        await using World world = await AskingForANonce();
        HttpClient client = world.Client(o => o.MaxBufferedContentBytes = 1000);
        int heads = 0;
        world.Api.Arrived = () => Interlocked.Increment(ref heads);
        StreamContent Content() => new(OnceOnly(new string('x', 1001))) { Headers = { ContentLength = knownLength ? 1001 : null } };
        var thrown = await Should.ThrowAsync<HoldfastClientException>(() => client.PostAsync("/orders", Content()));
        thrown.Failure.ShouldBe(HoldfastClientFailure.ContentNotRepeatable);
        world.Api.Requests.ShouldHaveSingleItem().Body.Length.ShouldBe(1001);
        heads.ShouldBe(1);

        // What the server asked for is remembered, so the caller's next try arrives.
        (await client.PostAsync("/orders", Content())).StatusCode.ShouldBe(HttpStatusCode.OK);
        heads.ShouldBe(2);
    }

    // DPOP-C-19: the copy is made on the way, so that a body that is still being written is not held back.
    [Fact]
    public async Task Does_not_wait_for_the_end_of_a_body_before_sending_its_beginning()
    {
        await using World world = await World.CreateAsync();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Api.Arrived = () => arrived.TrySetResult();
        var content = new Pushed(async stream =>
        {
            await stream.WriteAsync("first"u8.ToArray());
            await stream.FlushAsync();
            // Held back, the beginning would never arrive.
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(20));
            await stream.WriteAsync("second"u8.ToArray());
        });
        (await world.Client().PostAsync("/orders", content)).StatusCode.ShouldBe(HttpStatusCode.OK);
        world.Api.Requests.ShouldHaveSingleItem().Body.ShouldBe("firstsecond");
    }

    private static Stream OnceOnly(string text)
    {
        var pipe = new Pipe();
        System.Buffers.BuffersExtensions.Write(pipe.Writer, Encoding.ASCII.GetBytes(text));
        pipe.Writer.Complete();
        return pipe.Reader.AsStream();
    }

    private sealed class Pushed(Func<Stream, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
