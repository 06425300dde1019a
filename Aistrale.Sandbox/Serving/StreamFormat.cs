using System.Buffers;

namespace Aistrale.Sandbox.Serving;

/// <summary>
/// Writes one answer as events: <see cref="Open"/>, then <see cref="Token"/> for each token, then
/// <see cref="Close"/> and <see cref="Terminate"/>. What each call writes is flushed by <see cref="StreamRunner"/>.
/// </summary>
internal abstract class StreamFormat(Exchange exchange, IBufferWriter<byte> output, SseFraming framing)
{
    private bool _toolOpen;
    private int _tool;
    private int _fragment;

    protected Exchange Exchange { get; } = exchange;

    protected IBufferWriter<byte> Output { get; } = output;

    protected SseFraming Framing { get; } = framing;

    /// <summary>Whether the caller gets the counts at all (Chat Completions sends them on request only).</summary>
    public virtual bool ReportsUsage => Exchange.Usage is not null;

    /// <summary>Events before the first token.</summary>
    public abstract void Open();

    /// <summary>Stop reason and counts.</summary>
    public abstract void Close();

    /// <summary>The closing marker.</summary>
    public abstract void Terminate();

    /// <summary>An error after status 200; nothing follows it.</summary>
    public abstract void Error(Fault fault);

    public virtual void Ping() => Framing.Comment(Output);

    /// <summary>Writes the token with this index; answers how many tokens the caller can see because of it.</summary>
    public int Token(int index)
    {
        var answer = Exchange.Answer;
        if (index < answer.Reasoning.Count)
        {
            return Reasoning(answer.Reasoning[index], index);
        }

        index -= answer.Reasoning.Count;
        if (index < answer.Text.Count || answer.Endless)
        {
            return Text(answer.Text[index], index);
        }

        return NextToolFragment();
    }

    protected abstract int Reasoning(ReadOnlySpan<byte> chunk, int index);

    protected abstract int Text(ReadOnlySpan<byte> chunk, int index);

    protected abstract void ToolStart(Scripting.ToolCall call);

    protected abstract int ToolFragment(Scripting.ToolCall call, ReadOnlySpan<byte> fragment, bool last);

    private int NextToolFragment()
    {
        var call = Exchange.Answer.ToolCalls[_tool];
        if (!_toolOpen)
        {
            _toolOpen = true;
            ToolStart(call);
        }

        var last = _fragment + 1 == call.Fragments.Count;
        var visible = ToolFragment(call, call.Fragments[_fragment++], last);
        if (last)
        {
            (_toolOpen, _fragment) = (false, 0);
            _tool++;
        }

        return visible;
    }
}
