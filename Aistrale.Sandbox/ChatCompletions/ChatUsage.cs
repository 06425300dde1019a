using System.Buffers;
using Aistrale.Sandbox.Scripting;
using Aistrale.Sandbox.Serving;

namespace Aistrale.Sandbox.ChatCompletions;

/// <summary>Token counts of the Chat Completions format: input and output are inclusive, the parts stand in details.</summary>
internal static class ChatUsage
{
    public static void Write(IBufferWriter<byte> output, TokenUsage usage, ChatStyle style)
    {
        if (style.IsGroq)
        {
            WriteGroq(output, usage);
            return;
        }

        output.Raw("{\"prompt_tokens\":"u8);
        output.Number(usage.Input);
        output.Raw(",\"completion_tokens\":"u8);
        output.Number(usage.Output);
        output.Raw(",\"total_tokens\":"u8);
        output.Number(usage.Total);
        output.Raw(",\"prompt_tokens_details\":{\"cached_tokens\":"u8);
        output.Number(usage.Cached);
        output.Raw(",\"audio_tokens\":0"u8);
        if (usage.CacheWrites > 0)
        {
            output.Raw(",\"cache_write_tokens\":"u8);
            output.Number(usage.CacheWrites);
        }

        output.Raw("},\"completion_tokens_details\":{\"reasoning_tokens\":"u8);
        output.Number(usage.Reasoning);
        output.Raw(",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"u8);
    }

    private static void WriteGroq(IBufferWriter<byte> output, TokenUsage usage)
    {
        var (promptS, completionS) = (usage.Input / 10_000.0, usage.Output / 500.0);
        output.Raw("{\"queue_time\":0.012345,\"prompt_tokens\":"u8);
        output.Number(usage.Input);
        output.Raw(",\"prompt_time\":"u8);
        output.Seconds(promptS);
        output.Raw(",\"completion_tokens\":"u8);
        output.Number(usage.Output);
        output.Raw(",\"completion_time\":"u8);
        output.Seconds(completionS);
        output.Raw(",\"total_tokens\":"u8);
        output.Number(usage.Total);
        output.Raw(",\"total_time\":"u8);
        output.Seconds(promptS + completionS);
        if (usage.Cached > 0)
        {
            output.Raw(",\"prompt_tokens_details\":{\"cached_tokens\":"u8);
            output.Number(usage.Cached);
            output.Raw("}"u8);
        }

        if (usage.Reasoning > 0)
        {
            output.Raw(",\"completion_tokens_details\":{\"reasoning_tokens\":"u8);
            output.Number(usage.Reasoning);
            output.Raw("}"u8);
        }

        output.Raw("}"u8);
    }
}
