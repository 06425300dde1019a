using System.Buffers;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Microsoft.Extensions.AI;

namespace Aistrale.Core.Inference.Dialects;

/// <summary>Writes answers in the caller's dialect. One instance per call; it may remember what it has written.</summary>
internal interface IAnswerWriter : IDisposable
{
    /// <summary>Null = the native lane may pass this event on as it is.</summary>
    IStreamFilter? StreamFilter { get; }

    /// <summary>Of what <see cref="WriteError"/> writes.</summary>
    string ErrorContentType { get; }

    void BeginStream(IBufferWriter<byte> output, InferenceCall call, RouteTarget target);

    void WriteUpdate(IBufferWriter<byte> output, ChatResponseUpdate update);

    /// <summary>The last events; the call is settled by now.</summary>
    void EndStream(IBufferWriter<byte> output, SettledCall settled);

    void WriteWhole(IBufferWriter<byte> output, ChatResponse response, SettledCall settled);

    void WriteError(IBufferWriter<byte> output, InferenceError error);

    /// <summary>The one event that ends a stream which had begun.</summary>
    void WriteStreamError(IBufferWriter<byte> output, InferenceError error);
}

/// <summary>Takes out of a provider's stream what the caller did not ask for.</summary>
internal interface IStreamFilter
{
    /// <summary>False = write nothing of this event. <paramref name="cut"/> = the bytes to leave out of its raw form, often none.</summary>
    bool Keep(in Sse.SseEvent block, out Range cut);
}
