using System.Buffers;
using System.Text;
using Aistrale.Core.Inference.Sse;
using CsCheck;
using Xunit;

namespace Aistrale.UnitTests.Core.Inference.Sse;

public sealed class SseWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    private string Written => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void Data_is_one_line_and_a_blank_one()
    {
        SseWriter.WriteData(_output, "{\"a\":1}"u8);
        SseWriter.WriteDone(_output);

        Assert.Equal("data: {\"a\":1}\n\ndata: [DONE]\n\n", Written);
    }

    [Fact]
    public void An_event_carries_its_name()
    {
        SseWriter.WriteEvent(_output, "message_stop"u8, "{}"u8);

        Assert.Equal("event: message_stop\ndata: {}\n\n", Written);
    }

    [Fact]
    public void A_keep_alive_is_read_as_a_comment()
    {
        SseWriter.WriteKeepAlive(_output);

        Assert.False(Assert.Single(Splitting.Split(_output.WrittenSpan.ToArray())).HasData);
    }

    [Fact]
    public void A_name_of_two_lines_is_refused() =>
        Assert.Throws<ArgumentException>(() => SseWriter.WriteEvent(_output, "a\ndata: forged"u8, "{}"u8));

    [Fact]
    public void Whatever_is_written_is_read_back_as_one_event()
    {
        var text = Splitting.OneOf("a", "\n", "\r", "\r\n", "data: x", " ", "é", "\n\n").Array[0, 12].Select(string.Concat);
        text.Sample(payload =>
        {
            var output = new ArrayBufferWriter<byte>();
            SseWriter.WriteEvent(output, "e"u8, Encoding.UTF8.GetBytes(payload));

            var e = Assert.Single(Splitting.Split(output.WrittenSpan.ToArray()));
            Assert.Equal(payload.ReplaceLineEndings("\n"), e.Data);
        });
    }
}
