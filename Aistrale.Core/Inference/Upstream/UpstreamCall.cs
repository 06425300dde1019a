using Aistrale.Core.Encryption;
using Aistrale.Core.Inference.Routing;
using Aistrale.Core.Inference.Settlement;
using Aistrale.Core.Inference.Sse;
using Aistrale.Core.Inference.Usage;

namespace Aistrale.Core.Inference.Upstream;

/// <summary>
/// One attempt at one target. Both lanes send through the same handlers, which find it in <see cref="Current"/>; what they note here is
/// all that settlement believes.
/// </summary>
internal sealed class UpstreamCall : IDisposable
{
    // Reasoning models may think for minutes before their first byte.
    private static readonly TimeSpan FirstByteLimit = TimeSpan.FromSeconds(600);
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan IdleGranularity = TimeSpan.FromSeconds(1);

    private static readonly AsyncLocal<UpstreamCall?> Ambient = new();

    private readonly CancellationTokenSource _deadline;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationToken _callerGone;
    private readonly CallSettlement _settlement;
    private readonly TimeProvider _clock;
    private readonly IUpstreamReader _reader;
    private long _idleSetAt;

    public UpstreamCall(InferenceCall call, RouteTarget target, CallSettlement settlement, TimeProvider clock, CancellationToken callerGone)
    {
        Call = call;
        Target = target;
        _settlement = settlement;
        _clock = clock;
        _callerGone = callerGone;
        _deadline = new CancellationTokenSource(FirstByteLimit, clock);
        _ended = CancellationTokenSource.CreateLinkedTokenSource(callerGone, _deadline.Token);
        _reader = target.Provider.CreateReader(Observation);
        SentTimestamp = clock.GetTimestamp();
    }

    public static UpstreamCall? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public InferenceCall Call { get; }
    public RouteTarget Target { get; }
    public UpstreamObservation Observation { get; } = new();

    /// <summary>Ends with the caller, or when the provider is silent for too long.</summary>
    public CancellationToken Token => _ended.Token;

    public bool CallerIsGone => _callerGone.IsCancellationRequested;
    public bool TimedOut => _deadline.IsCancellationRequested && !_callerGone.IsCancellationRequested;

    /// <summary>The native lane reads the body itself and tells <see cref="OnEvent"/>; otherwise the tap listens in.</summary>
    public bool LaneReadsBody { get; init; }

    public long SentTimestamp { get; set; }
    public long HeadersTimestamp { get; set; }
    public long FirstContentTimestamp { get; private set; }

    /// <summary>HTTP status of the provider's answer; null when none came.</summary>
    public int? Status { get; set; }

    /// <summary>What the provider said when it refused; null otherwise.</summary>
    public UpstreamError? Refusal { get; set; }

    /// <summary>What was sent, so that it can be taken out of what the provider says about it.</summary>
    public Secret? Credential { get; set; }

    /// <summary>The stored credential could not be opened.</summary>
    public bool CredentialUnreadable { get; set; }

    public void OnEvent(in SseEvent block)
    {
        _reader.OnEvent(block);
        if (block.IsKeepAlive)
        {
            return;
        }

        NoteProgress();
        _settlement.Mark(this);
    }

    public void OnBody(ReadOnlySpan<byte> json)
    {
        _reader.OnBody(json);
        NoteProgress();
    }

    public void Dispose()
    {
        _ended.Dispose();
        _deadline.Dispose();
    }

    // Comments and pings do not come here: a proxy that keeps the line warm says nothing about the model.
    private void NoteProgress()
    {
        var now = _clock.GetTimestamp();
        if (FirstContentTimestamp == 0 && Observation.FirstContentSeen)
        {
            FirstContentTimestamp = now;
        }

        if (_idleSetAt == 0 || _clock.GetElapsedTime(_idleSetAt, now) > IdleGranularity)
        {
            _idleSetAt = now;
            _deadline.CancelAfter(IdleLimit);
        }
    }
}
