using System.Text.Json;
using Aistrale.Core.Inference.Sse;

namespace Aistrale.Core.Inference.Dialects.ChatCompletions;

/// <summary>
/// Takes out of a stream what came only because we asked for usage: the last chunk
/// <c>data: {…,"choices":[],"usage":{…}}</c>, and the member <c>,"usage":null</c> of the others.
/// </summary>
internal sealed class UsageFilter : IStreamFilter
{
    public bool Keep(in SseEvent block, out Range cut)
    {
        cut = default;
        var data = block.Data;
        if (data.IndexOf("\"usage\""u8) < 0 || Find(data) is not { } found)
        {
            return true;
        }

        if (found.IsUsageOnly)
        {
            return false;
        }

        // Data of several lines lies elsewhere, joined, and is not cut; nobody sends chunks that way, and a null harms no one.
        if (found.NullMember is { } member && block.Raw.Overlaps(data, out var at))
        {
            cut = (at + member.Start.Value)..(at + member.End.Value);
        }

        return true;
    }

    private static Found? Find(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        var (noChoices, hasUsage) = (false, false);
        Range? nullMember = null;
        try
        {
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var start = (int)json.TokenStartIndex;
                var isUsage = json.ValueTextEquals("usage"u8);
                var isChoices = json.ValueTextEquals("choices"u8);
                json.Read();
                if (isUsage && json.TokenType == JsonTokenType.Null)
                {
                    nullMember = Member(data, start, (int)json.BytesConsumed);
                }

                hasUsage |= isUsage && json.TokenType == JsonTokenType.StartObject;
                if (isChoices && json.TokenType == JsonTokenType.StartArray)
                {
                    var inside = json;
                    noChoices = inside.Read() && inside.TokenType == JsonTokenType.EndArray;
                }

                json.Skip();
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // Broken JSON, or a name that is no Unicode: not ours to judge.
            return null;
        }

        return new Found(noChoices && hasUsage, nullMember);
    }

    // With the comma before it, or else the one after it.
    private static Range Member(ReadOnlySpan<byte> data, int start, int end)
    {
        var before = data[..start].TrimEnd(" \t\r\n"u8);
        if (before.Length > 0 && before[^1] == (byte)',')
        {
            return (before.Length - 1)..end;
        }

        var after = data[end..];
        var blank = after.Length - after.TrimStart(" \t\r\n"u8).Length;
        return after.Length > blank && after[blank] == (byte)',' ? start..(end + blank + 1) : start..end;
    }

    private readonly record struct Found(bool IsUsageOnly, Range? NullMember);
}
