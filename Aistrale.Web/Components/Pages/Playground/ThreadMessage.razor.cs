using Aistrale.Contracts;
using Aistrale.Web.Display;
using Microsoft.AspNetCore.Components;

namespace Aistrale.Web.Components.Pages.Playground;

public sealed partial class ThreadMessage
{
    private (int Version, bool CanRun, bool IsLast) _drawn = (-1, false, false);

    [Inject]
    private SafeMarkdown Markdown { get; set; } = null!;

    [Parameter, EditorRequired]
    public ChatTurn Turn { get; set; } = null!;

    [Parameter]
    public bool IsLast { get; set; }

    [Parameter]
    public bool CanRun { get; set; }

    [Parameter]
    public EventCallback OnRegenerate { get; set; }

    // While one answer streams, the others stand still.
    protected override bool ShouldRender()
    {
        var now = (Turn.Version, CanRun, IsLast);
        var changed = now != _drawn;
        _drawn = now;
        return changed;
    }

    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _drawn = (Turn.Version, CanRun, IsLast);
        }
    }

    private void ToggleSource() => Turn.ToggleSource();

    // One line under the answer: who, how many tokens, what it cost, how long it took. Unknown is a dash with its reason.
    private IEnumerable<(string Text, string? Title)> Figures()
    {
        if (Turn.Run is { } run)
        {
            yield return (run.Model, run.Provider);
            yield return ($"{Count.Short(run.Usage.InputTokens)} in", InputTitle(run.Usage));
            yield return ($"{Count.Short(run.Usage.OutputTokens)} out", OutputTitle(run.Usage));
            yield return (Money.Text(run.CostUsd), run.CostUsd is null ? "No price is known for this model, so the cost is unknown." : Money.Exact(run.CostUsd));
            yield return (Duration.Text(run.LatencyMs), "From the request to the end of the answer");
            yield return ($"first token {Duration.Text(run.TimeToFirstTokenMs)}", null);
            if (run.FinishReason is { } reason and not "stop")
            {
                yield return (reason == "length" ? "cut off at the token limit" : reason, "Why the answer ended");
            }
        }
        else if (Turn.Started is { } started)
        {
            yield return (started.Model, started.Provider);
        }

        if (Turn.WasStopped)
        {
            yield return ("stopped", "You stopped it; what the provider had made by then is in the request’s record.");
        }
    }

    private static string InputTitle(TokenUsageResponse usage) =>
        usage.CachedInputTokens > 0
            ? $"{Count.Exact(usage.InputTokens)} input tokens, {Count.Exact(usage.CachedInputTokens)} of them from the cache"
            : $"{Count.Exact(usage.InputTokens)} input tokens";

    private static string OutputTitle(TokenUsageResponse usage) =>
        usage.ReasoningTokens > 0
            ? $"{Count.Exact(usage.OutputTokens)} output tokens, {Count.Exact(usage.ReasoningTokens)} of them reasoning"
            : $"{Count.Exact(usage.OutputTokens)} output tokens";
}
