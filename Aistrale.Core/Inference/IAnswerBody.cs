using System.IO.Pipelines;

namespace Aistrale.Core.Inference;

/// <summary>The way back to the caller: HTTP in the service, memory in tests.</summary>
public interface IAnswerBody
{
    /// <summary>True once status and headers are on their way: from then on nothing can be taken back.</summary>
    bool HasStarted { get; }

    PipeWriter Output { get; }

    void SetHeader(string name, string value);

    /// <summary>Fixes status and content type, and the length where it is known; the first flush sends them.</summary>
    void Start(int status, string contentType, long? contentLength = null);
}
