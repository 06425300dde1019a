using Aistrale.Contracts;
using Aistrale.Web.Components.Controls;
using Aistrale.Web.Components.Pages.Playground;
using Bunit;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.FluentUI.AspNetCore.Components;
using Xunit;

namespace Aistrale.UnitTests.Web;

public sealed class ControlTests : BunitContext
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 16, 0, 0, TimeSpan.Zero));

    public ControlTests()
    {
        Services.AddFluentUIComponents();
        Services.AddSingleton<TimeProvider>(_clock);
        Services.AddScoped<Ticker>();
        Services.AddScoped<Toasts>();
        JSInterop.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void An_unknown_cost_gives_its_reason()
    {
        var cost = Render<Cost>(parameters => parameters.Add(component => component.Usd, null));

        Assert.Equal("–", cost.Find("span").TextContent);
        Assert.Equal("No price is known for this model, so the cost is unknown.", cost.Find("span").GetAttribute("title"));
    }

    [Fact]
    public void A_short_cost_has_the_exact_one_on_hover() =>
        Assert.Equal("$0.000012345678", Render<Cost>(parameters => parameters.Add(component => component.Usd, 0.000012345678m)).Find("span").GetAttribute("title"));

    [Fact]
    public void A_relative_time_moves_on_by_itself()
    {
        var time = Render<RelativeTime>(parameters => parameters.Add(component => component.Value, _clock.GetUtcNow()));
        Assert.Equal("now", time.Find("time").TextContent);
        _clock.Advance(TimeSpan.FromMinutes(2));

        time.WaitForAssertion(() => Assert.Equal("2 min ago", time.Find("time").TextContent));
    }

    [Fact]
    public void An_estimated_count_is_marked()
    {
        var count = Render<TokenCount>(parameters => parameters
            .Add(component => component.Value, 1_234)
            .Add(component => component.Quality, UsageQualities.Estimated));

        Assert.Equal("≈1,234", count.Find("span").TextContent);
    }

    [Fact]
    public void Good_news_goes_away_by_itself_and_bad_news_waits()
    {
        var host = Render<ToastHost>();
        var toasts = Services.GetRequiredService<Toasts>();
        toasts.Done("The key is revoked");
        toasts.Failed("The token was not deleted", Aistrale.Web.Clients.ApiProblem.Unreachable);
        host.WaitForAssertion(() => Assert.Equal(2, host.FindAll(".toast").Count));
        _clock.Advance(TimeSpan.FromMinutes(1));

        host.WaitForAssertion(() => Assert.Equal("The token was not deleted", Assert.Single(host.FindAll(".toast strong")).TextContent));
        host.Find(".toast button").Click();
        host.WaitForAssertion(() => Assert.Empty(host.FindAll(".toast")));
    }

    [Fact]
    public async Task A_question_answers_what_was_clicked_and_goes_away()
    {
        var dialog = Render<ConfirmDialog>();
        var answer = dialog.InvokeAsync(() => dialog.Instance.AskAsync("Delete it?", "It is gone for good.", "Delete"));
        Assert.Equal("Delete it?", dialog.Find("dialog h2").TextContent);
        await dialog.Find("button.btn-danger").ClickAsync(new MouseEventArgs());

        Assert.True(await answer);
        Assert.Empty(dialog.FindAll("dialog"));
    }

    [Fact]
    public void The_model_picker_groups_by_provider_and_puts_what_can_be_called_first()
    {
        var picker = RenderPicker();

        Assert.Equal(["OpenAI", "Anthropic"], picker.FindAll(".group .provider .text").Select(group => group.TextContent));
        Assert.Equal(["gpt-4o-mini", "gpt-5", "claude-haiku-4-5"], picker.FindAll(".option .name").Select(option => option.TextContent));
        Assert.Contains("no token", picker.FindAll(".group")[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_model_picker_finds_by_every_word_and_takes_an_alias_as_typed()
    {
        string? chosen = null;
        var picker = RenderPicker(value => chosen = value);
        picker.Find("input").Input("open mini");
        Assert.Equal(["gpt-4o-mini"], picker.FindAll(".option .name").Select(option => option.TextContent));

        picker.Find("input").Input("fast-lane");
        picker.Find("input").KeyDown("Enter");
        Assert.Equal("fast-lane", chosen);
    }

    private IRenderedComponent<ModelPicker> RenderPicker(Action<string>? chosen = null) => Render<ModelPicker>(parameters => parameters
        .Add(picker => picker.Value, "")
        .Add(picker => picker.ValueChanged, value => chosen?.Invoke(value))
        .Add(picker => picker.Models,
        [
            new ModelResponse("anthropic/claude-haiku-4-5", "anthropic", "claude-haiku-4-5", 200_000, 64_000, 1m, 0.1m, 5m, Available: false),
            new ModelResponse("openai/gpt-5", "openai", "gpt-5", 400_000, 128_000, 1.25m, 0.125m, 10m, Available: true),
            new ModelResponse("openai/gpt-4o-mini", "openai", "gpt-4o-mini", 128_000, 16_384, 0.15m, 0.075m, 0.6m, Available: true),
        ]));
}
