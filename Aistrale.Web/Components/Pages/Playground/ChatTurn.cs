using System.Text;
using Aistrale.Contracts;
using Aistrale.Web.Clients;
using Aistrale.Web.Display;

namespace Aistrale.Web.Components.Pages.Playground;

/// <summary>One message of the conversation; an answer grows while it streams.</summary>
public sealed class ChatTurn
{
    public const string User = "user";
    public const string Assistant = "assistant";

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private IReadOnlyList<MarkdownBlock> _blocks = [];
    private int _blocksVersion = -1;

    internal ChatTurn(string role, string text = "")
    {
        Role = role;
        _text.Append(text);
    }

    internal string Role { get; }

    /// <summary>Changes whenever what is shown changes.</summary>
    internal int Version { get; private set; }

    internal bool IsRunning { get; private set; }

    internal bool WasStopped { get; private set; }

    internal bool ShowsSource { get; private set; }

    internal InferenceStarted? Started { get; private set; }

    internal InferenceRunResponse? Run { get; private set; }

    internal InferenceEvent.Failed? Failure { get; private set; }

    internal List<ToolCallResponse> ToolCalls { get; } = [];

    internal string Text => _text.ToString();

    internal string Reasoning => _reasoning.ToString();

    internal bool HasText => _text.Length > 0;

    internal Guid? RequestId => Run?.Id ?? Started?.Id;

    internal void Begin()
    {
        IsRunning = true;
        Version++;
    }

    internal void Accept(InferenceEvent step)
    {
        switch (step)
        {
            case InferenceEvent.Started started:
                Started = started.Run;
                break;
            case InferenceEvent.Text text:
                _text.Append(text.Value);
                break;
            case InferenceEvent.Reasoning reasoning:
                _reasoning.Append(reasoning.Value);
                break;
            case InferenceEvent.ToolCalled tool:
                ToolCalls.Add(tool.Call);
                break;
            case InferenceEvent.Completed completed:
                Complete(completed.Run);
                break;
            case InferenceEvent.Failed failed:
                Failure = failed;
                break;
        }

        Version++;
    }

    internal void End(bool stopped)
    {
        IsRunning = false;
        WasStopped = stopped;
        Version++;
    }

    internal void ToggleSource()
    {
        ShowsSource = !ShowsSource;
        Version++;
    }

    /// <summary>The text as safe HTML, block by block; only what changed since the last call is made anew.</summary>
    internal IReadOnlyList<MarkdownBlock> Blocks(SafeMarkdown markdown)
    {
        if (_blocksVersion != Version)
        {
            _blocks = markdown.ToBlocks(Text, _blocks);
            _blocksVersion = Version;
        }

        return _blocks;
    }

    // The final answer carries the whole text: it wins over what the pieces added up to.
    private void Complete(InferenceRunResponse run)
    {
        Run = run;
        if (run.Output.Length > 0 && run.Output != Text)
        {
            _text.Clear().Append(run.Output);
        }
    }
}
