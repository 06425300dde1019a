using System.Text.Json;

namespace Aistrale.Core.Inference.Usage;

/// <summary>The usage object of the OpenAI family: Chat Completions and embeddings (<c>prompt_tokens</c>) and Responses (<c>input_tokens</c>).</summary>
/// <remarks>
/// <code>
/// {"prompt_tokens":20,"completion_tokens":9,"total_tokens":29,
///  "prompt_tokens_details":{"cached_tokens":16,"cache_write_tokens":0,"audio_tokens":0},
///  "completion_tokens_details":{"reasoning_tokens":4,"audio_tokens":0}}
/// {"input_tokens":20,"input_tokens_details":{"cached_tokens":16},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":4},"total_tokens":29}
/// </code>
/// Input is inclusive of cache, output of reasoning. Two exceptions are put right here: Gemini's OpenAI mode and xAI leave reasoning
/// out of <c>completion_tokens</c> but not out of <c>total_tokens</c>.
/// </remarks>
internal struct OpenAIUsage
{
    private long? _input;
    private long? _output;
    private long? _total;
    private long? _cached;
    private long? _cacheWrite;
    private long? _audioIn;
    private long? _imageIn;
    private long? _reasoning;
    private long? _audioOut;
    private long? _imageOut;

    /// <summary>Reads the object that follows the property name; null (as on every chunk but the last) changes nothing.</summary>
    public void Read(ref Utf8JsonReader json, UpstreamObservation seen)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            ReadMember(ref json);
        }

        Apply(seen);
    }

    private void ReadMember(ref Utf8JsonReader json)
    {
        if (json.ValueTextEquals("prompt_tokens"u8) || json.ValueTextEquals("input_tokens"u8))
        {
            Take(ref _input, ref json);
        }
        else if (json.ValueTextEquals("completion_tokens"u8) || json.ValueTextEquals("output_tokens"u8))
        {
            Take(ref _output, ref json);
        }
        else if (json.ValueTextEquals("total_tokens"u8))
        {
            Take(ref _total, ref json);
        }
        else if (json.ValueTextEquals("prompt_tokens_details"u8) || json.ValueTextEquals("input_tokens_details"u8))
        {
            ReadInputDetails(ref json);
        }
        else if (json.ValueTextEquals("completion_tokens_details"u8) || json.ValueTextEquals("output_tokens_details"u8))
        {
            ReadOutputDetails(ref json);
        }
        else if (json.ValueTextEquals("cached_tokens"u8) || json.ValueTextEquals("prompt_cache_hit_tokens"u8))
        {
            // Moonshot and DeepSeek, met behind Hugging Face and custom origins, have no details object.
            Take(ref _cached, ref json);
        }
        else
        {
            json.Skip();
        }
    }

    private void ReadInputDetails(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("cached_tokens"u8))
            {
                Take(ref _cached, ref json);
            }
            else if (json.ValueTextEquals("cache_write_tokens"u8))
            {
                Take(ref _cacheWrite, ref json);
            }
            else if (json.ValueTextEquals("audio_tokens"u8))
            {
                Take(ref _audioIn, ref json);
            }
            else if (json.ValueTextEquals("image_tokens"u8))
            {
                Take(ref _imageIn, ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private void ReadOutputDetails(ref Utf8JsonReader json)
    {
        if (!WireJson.EnterObject(ref json))
        {
            return;
        }

        while (WireJson.NextProperty(ref json))
        {
            if (json.ValueTextEquals("reasoning_tokens"u8))
            {
                Take(ref _reasoning, ref json);
            }
            else if (json.ValueTextEquals("audio_tokens"u8))
            {
                Take(ref _audioOut, ref json);
            }
            else if (json.ValueTextEquals("image_tokens"u8))
            {
                Take(ref _imageOut, ref json);
            }
            else
            {
                json.Skip();
            }
        }
    }

    private readonly void Apply(UpstreamObservation seen)
    {
        // A part cannot be larger than its whole: a backend that counts otherwise must not make fresh tokens negative.
        seen.InputTokens = _input is { } input ? Math.Max(input, (_cached ?? 0) + (_cacheWrite ?? 0)) : null;
        seen.CachedInputTokens = _cached;
        // OpenAI has one kind of cache write; it is priced as the short one.
        seen.CacheWrite5mTokens = _cacheWrite;
        seen.AudioInputTokens = _audioIn;
        seen.ImageInputTokens = _imageIn;

        var hidden = _total is { } total && _input is { } prompt && _output is { } visible ? Math.Max(0, total - prompt - visible) : 0;
        seen.OutputTokens = _output is { } output ? Math.Max(output + hidden, _reasoning ?? 0) : null;
        seen.ReasoningTokens = _reasoning ?? (hidden > 0 ? hidden : null);
        seen.AudioOutputTokens = _audioOut;
        seen.ImageOutputTokens = _imageOut;
    }

    private static void Take(ref long? counter, ref Utf8JsonReader json) => counter = WireJson.Larger(counter, WireJson.Count(ref json));
}
